"""Text literals: quoted as in FEEL."""

import re

from app.domain.text import N_
from app.engine.decisions.errors import CellError
from app.engine.decisions.tokens import Token

_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_SIGNS = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


def quote(text: str) -> str:
    """Write a text as a literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def unquote(cell: str, token: Token) -> str:
    """Return the text of a literal in a cell. Raises CellError."""

    def sign(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1:
            return _character(cell, token, int(code[1:], 16))
        if code not in _SIGNS:
            raise CellError(cell, token.position + 1 + match.start(), N_("不认识转义“\\%s”。") % code)
        return _SIGNS[code]

    return _ESCAPE.sub(sign, token.text[1:-1])


def _character(cell: str, token: Token, code: int) -> str:
    found = chr(code)
    # Neither nothing nor half of a pair could be stored.
    if code == 0 or "\ud800" <= found <= "\udfff":
        raise CellError(cell, token.position, N_("\\u%04X 不是一个字。") % code)
    return found
