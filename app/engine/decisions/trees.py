"""What a cell says, as a tree of small immutable pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Scalar = str | bool | Decimal | date | None


@dataclass(frozen=True)
class Literal:
    """A constant."""

    value: Scalar


@dataclass(frozen=True)
class Name:
    """A qualified name, as `submit_draft.years`; a part may hold spaces."""

    parts: tuple[str, ...]

    @property
    def dotted(self) -> str:
        """Return the name as it is written."""
        return ".".join(self.parts)


@dataclass(frozen=True)
class Negative:
    """A number with its sign turned."""

    operand: "Tree"


@dataclass(frozen=True)
class Arithmetic:
    """One of `+ - * / **`."""

    symbol: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True)
class Comparison:
    """One of `= != < <= > >=`."""

    symbol: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True)
class Logic:
    """`and` or `or`, of three values."""

    symbol: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True)
class Not:
    """A truth value turned round."""

    operand: "Tree"


@dataclass(frozen=True)
class Choice:
    """`if … then … else …`."""

    condition: "Tree"
    then: "Tree"
    otherwise: "Tree"


Tree = Literal | Name | Negative | Arithmetic | Comparison | Logic | Not | Choice


@dataclass(frozen=True)
class Expression:
    """An expression and its text."""

    text: str
    tree: Tree

    @property
    def names(self) -> frozenset[str]:
        """Return every qualified name in it."""
        return frozenset(names_in(self.tree))


@dataclass(frozen=True)
class Compared:
    """A test against one value: `= < <= > >=`; a value alone is tested with `=`."""

    symbol: str
    operand: Tree


@dataclass(frozen=True)
class Interval:
    """A test for lying between two values."""

    low: Tree
    high: Tree
    has_low: bool
    has_high: bool


Test = Compared | Interval


@dataclass(frozen=True)
class UnaryTests:
    """The content of an input cell: any of the tests, or none of them; no tests at all is `-`."""

    text: str
    tests: tuple[Test, ...]
    is_negated: bool = False

    @property
    def is_any(self) -> bool:
        """Tell whether the cell is `-`."""
        return not self.tests

    @property
    def operands(self) -> tuple[Tree, ...]:
        """Return every value that is compared with."""
        return tuple(operand for test in self.tests for operand in operands_of(test))

    @property
    def names(self) -> frozenset[str]:
        """Return every qualified name in the tests."""
        return frozenset(name for operand in self.operands for name in names_in(operand))


def operands_of(test: Test) -> tuple[Tree, ...]:
    """Return the values that a test compares with."""
    return (test.low, test.high) if isinstance(test, Interval) else (test.operand,)


def names_in(tree: Tree) -> Iterator[str]:
    """Yield every qualified name of an expression."""
    if isinstance(tree, Name):
        yield tree.dotted
    for child in children_of(tree):
        yield from names_in(child)


def children_of(tree: Tree) -> tuple[Tree, ...]:
    """Return the parts that a piece is made of."""
    if isinstance(tree, Negative | Not):
        return (tree.operand,)
    if isinstance(tree, Arithmetic | Comparison | Logic):
        return (tree.left, tree.right)
    if isinstance(tree, Choice):
        return (tree.condition, tree.then, tree.otherwise)
    return ()
