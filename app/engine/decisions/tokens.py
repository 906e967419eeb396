"""Cut the text of a cell into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.text import N_
from app.engine.decisions.errors import CellError

MAX_LENGTH = 1_000
MAX_TOKENS = 200
MAX_DIGITS = 18


class TokenKind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A piece of the text; `position` counts signs from 1."""

    kind: TokenKind
    text: str
    position: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?!\w))
    |(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<name>[^\W\d]\w*)
    |(?P<symbol>\*\*|<=|>=|!=|\.\.|[-+*/()\[\]<>=,.@])""",
    re.VERBOSE,
)
_FULL_WIDTH = "，。（）【】“”‘’《》＜＞＝－＋＊／：；！"


def tokenize(text: str) -> list[Token]:
    """Return the tokens with a last one for the end. Raises CellError."""
    if len(text) > MAX_LENGTH:
        raise CellError(text, MAX_LENGTH, N_("太长了，一格最多 %d 个字。") % MAX_LENGTH)
    tokens = list(_tokens(text))
    if len(tokens) > MAX_TOKENS:
        raise CellError(text, tokens[MAX_TOKENS].position, N_("太复杂了，请拆成几条规则或者几个决策。"))
    return [*tokens, Token(TokenKind.END, "", len(text) + 1)]


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise CellError(text, position + 1, _objection_to(text[position]))
        if match.lastgroup == TokenKind.NUMBER:
            _check_digits(text, match[0], position)
        if match.lastgroup != "space":
            yield Token(TokenKind(str(match.lastgroup)), match[0], position + 1)
        position = match.end()


def _check_digits(text: str, number: str, position: int) -> None:
    if len(number.replace(".", "").lstrip("0")) > MAX_DIGITS:
        raise CellError(text, position + 1, N_("数字太长，最多 %d 位。") % MAX_DIGITS)


def _objection_to(sign: str) -> str:
    if sign in _FULL_WIDTH:
        return N_("标点“%s”是中文的，请改用英文标点。") % sign
    if sign == '"':
        return N_("文字少了一半引号，请补上。")
    if sign == "?":
        return N_("不能用 ? 代表输入的值，请直接写比较，例如 >= 3。")
    if sign in "{}":
        return N_("不能用上下文 {…}，请改成几个输出。")
    return N_("不认识“%s”。") % sign
