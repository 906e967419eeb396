"""Read cells and literal expressions: the part of FEEL that shenpi supports, by recursive descent."""

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal

from app.domain.text import N_
from app.engine.decisions.cursors import FOREIGN, Cursor
from app.engine.decisions.strings import unquote
from app.engine.decisions.tokens import Token, TokenKind
from app.engine.decisions.trees import (
    Arithmetic,
    Choice,
    Comparison,
    Expression,
    Literal,
    Logic,
    Name,
    Negative,
    Not,
    Scalar,
    Tree,
)

MAX_DEPTH = 20
NO_FUNCTION = N_('没有函数 %s，只能用 date("2026-09-01") 和 not(…)。')
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_WORDS = frozenset({"if", "then", "else", "and", "or", "not"})


def parse_expression(text: str, names: Collection[str] = ()) -> Expression:
    """Read an expression; `names` are the known names that hold spaces. Raises CellError."""
    parser = Parser(text, names)
    tree = parser.expression()
    parser.finish()
    return Expression(text.strip(), tree)


class Parser(Cursor):
    """Walk over the tokens of one cell, as its grammar goes."""

    def __init__(self, text: str, names: Collection[str] = ()) -> None:
        super().__init__(text)
        self._names = names
        self._longest = max((len(name.split()) for name in names), default=1)
        self._depth = 0

    def expression(self) -> Tree:
        """Read an expression of any kind."""
        return self._nested(self._choice if self.sees("if") else self._or)

    def sum(self) -> Tree:
        """Read what can be compared with: a value or a calculation."""
        return self._chain(self._product, ("+", "-"), Arithmetic)

    def _nested(self, read: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.error(N_("括号套得太深了，最多 %d 层。") % MAX_DEPTH)
        found = read()
        self._depth -= 1
        return found

    def _chain(self, read: Callable[[], Tree], symbols: tuple[str, ...], build: type[Arithmetic | Logic]) -> Tree:
        found = read()
        while symbol := self.take(*symbols):
            found = build(symbol.text, found, read())
        return found

    def _choice(self) -> Tree:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return Choice(condition, then, self.expression())

    def _or(self) -> Tree:
        return self._chain(self._and, ("or",), Logic)

    def _and(self) -> Tree:
        return self._chain(self._comparison, ("and",), Logic)

    def _comparison(self) -> Tree:
        left = self.sum()
        symbol = self.take(*COMPARISONS)
        if symbol is None:
            return left
        found = Comparison(symbol.text, left, self.sum())
        if self.sees(*COMPARISONS):
            raise self.error(N_("不能连着比较，请用 and 连接两个比较。"))
        return found

    def _product(self) -> Tree:
        return self._chain(self._power, ("*", "/"), Arithmetic)

    def _power(self) -> Tree:
        base = self._signed()
        if not self.take("**"):
            return base
        found = Arithmetic("**", base, self._signed())
        if self.sees("**"):
            raise self.error(N_("连着乘方容易看错，请加括号。"))
        return found

    def _signed(self) -> Tree:
        # DMN binds the sign more tightly than the power: -2 ** 2 is 4.
        if self.take("-"):
            return _negative(self._nested(self._signed))
        return self._primary()

    def _primary(self) -> Tree:
        token = self.token
        if token.kind is TokenKind.NUMBER:
            self.index += 1
            return Literal(Decimal(token.text))
        if token.kind is TokenKind.STRING:
            self.index += 1
            return Literal(unquote(self.text, token))
        if token.kind is TokenKind.NAME:
            return self._word()
        return self._bracketed()

    def _bracketed(self) -> Tree:
        if self.take("@"):
            return self._date()
        if self.take("("):
            found = self.expression()
            self.expect(")")
            return found
        if self.sees("["):
            raise self.error(N_("这里不能写列表或者区间。"))
        if self.token.kind is TokenKind.END:
            raise self.error(N_("没有写完。"))
        raise self.error(N_("这里应当是一个值，不是“%s”。") % self.token.text)

    def _word(self) -> Tree:
        token = self.token
        if name := self._spaced_name():
            return self._qualified(name)
        self.index += 1
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text])
        if token.text == "not":
            return self._not()
        if token.text in _WORDS | FOREIGN:
            raise self.error(N_("这里不能用 %s。") % token.text, token)
        self._refuse_long_function(token)
        return self._called(token) if self.sees("(") else self._qualified(token.text)

    def _not(self) -> Tree:
        self.expect("(")
        found = Not(self.expression())
        self.expect(")")
        return found

    def _called(self, name: Token) -> Tree:
        if name.text != "date":
            raise self.error(NO_FUNCTION % name.text, name)
        self.expect("(")
        found = self._date()
        self.expect(")")
        return found

    def _refuse_long_function(self, first: Token) -> None:
        """Name a function of FEEL whose name has several words, such as `date and time`."""
        words = [first.text]
        for token in self._tokens[self.index :]:
            is_joined = [*words, token.text] == ["date", "and"]
            if token.kind is not TokenKind.NAME or (token.text in _WORDS and not is_joined):
                break
            words.append(token.text)
        if len(words) > 1 and self._tokens[self.index + len(words) - 1].text == "(":
            raise self.error(NO_FUNCTION % " ".join(words), first)

    def _date(self) -> Tree:
        token = self.token
        if token.kind is not TokenKind.STRING:
            raise self.error(N_('日期要写成 date("2026-09-01") 这样。'))
        self.index += 1
        found = date_of(unquote(self.text, token))
        if found is None:
            raise self.error(N_("没有这一天，日期要写成 2026-09-01 这样。"), token)
        return Literal(found)

    def _spaced_name(self) -> str | None:
        """Step over the longest known name of several words."""
        for length in range(self._longest, 1, -1):
            words = self._tokens[self.index : self.index + length]
            name = " ".join(word.text for word in words)
            if name in self._names and all(word.kind is TokenKind.NAME for word in words):
                self.index += length
                return name
        return None

    def _qualified(self, first: str) -> Tree:
        parts = [first]
        while self.take("."):
            if self.token.kind is not TokenKind.NAME:
                raise self.error(N_("点的后面应当是名称。"))
            parts.append(self._spaced_name() or self._next_word())
        return Name(tuple(parts))

    def _next_word(self) -> str:
        self.index += 1
        return self._tokens[self.index - 1].text


def date_of(text: str) -> date | None:
    """Read a day such as 2026-09-01; anything else is None."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _negative(operand: Tree) -> Tree:
    if isinstance(operand, Literal) and isinstance(operand.value, Decimal):
        return Literal(-operand.value)
    return Negative(operand)
