"""Step over the tokens of a cell."""

from app.domain.text import N_
from app.engine.decisions.errors import CellError
from app.engine.decisions.tokens import Token, TokenKind, tokenize

# Words of FEEL that begin or join what is not supported here.
FOREIGN = frozenset(
    {"for", "some", "every", "return", "satisfies", "function", "external", "between", "in", "instance"}
)


class Cursor:
    """A place among the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0
        self._tokens = tokenize(text)

    @property
    def token(self) -> Token:
        """Return the token that is next."""
        return self._tokens[self.index]

    def sees(self, *texts: str) -> bool:
        """Tell whether one of these symbols or words is next."""
        return self.token.kind in {TokenKind.SYMBOL, TokenKind.NAME} and self.token.text in texts

    def take(self, *texts: str) -> Token | None:
        """Step over one of these symbols or words if it is next."""
        if not self.sees(*texts):
            return None
        found = self.token
        self.index += 1
        return found

    def expect(self, text: str) -> None:
        """Step over a symbol or word that must be next. Raises CellError."""
        if not self.take(text):
            raise self.error(N_("这里应当是“%s”。") % text)

    def finish(self) -> None:
        """Refuse what is left over. Raises CellError."""
        if self.token.kind is not TokenKind.END:
            raise self.error(_objection_to_rest(self.token))

    def error(self, reason: str, token: Token | None = None) -> CellError:
        """Return an error at a token, the next one unless told."""
        return CellError(self.text, (token or self.token).position, reason)


def _objection_to_rest(token: Token) -> str:
    if token.text in FOREIGN:
        return N_("不能用 %s。") % token.text
    return N_("“%s”是多出来的。") % token.text
