"""What a rule parameter is: its name, the shape of its value, its unit and range."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.text import N_
from app.domain.vocabulary import Programme

UNITS: Mapping[str, str] = {
    "copies": N_("份"),
    "credit_hours": N_("学时"),
    "items": N_("项"),
    "people": N_("人"),
    "percent": N_("%"),
    "points": N_("分"),
    "steps": N_("级"),
    "studios": N_("个"),
    "times": N_("次"),
    "working_days": N_("个工作日"),
    "years": N_("年"),
}


class ValueType(StrEnum):
    """The shape of a parameter's value in JSON.

    number: an integer in a unit; money: fen; ratio: text such as 2/3; choice: an option; choices: a
    list of options; words: a list of texts; month_day: text such as 09-01; ceilings: an option to
    fen or null; rows: a list of objects with the same columns.
    """

    NUMBER = "number"
    MONEY = "money"
    RATIO = "ratio"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"
    MONTH_DAY = "month_day"
    CEILINGS = "ceilings"
    ROWS = "rows"
    TEXT = "text"


class Setter(StrEnum):
    """Who may set a parameter, whatever the lock of the pack; for anybody else it is fixed.

    top: the uppermost organisation on the platform, a bureau or a school that stands alone; top_bureau: the
    uppermost only where it is a bureau.
    """

    ANY = "any"
    TOP = "top"
    TOP_BUREAU = "top_bureau"


@dataclass(frozen=True)
class Shape:
    """Say which values are right: options stand in order, weakest first; `optional` names null.

    `share_from` is the least of a ratio that is a share of a whole, such as 1/2.
    """

    title: str
    type: ValueType
    unit: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    minimum: int = 0
    maximum: int | None = None
    optional: str | None = None
    share_from: str | None = None
    labels: tuple[str, str] = (N_("是"), N_("否"))
    pattern: str = "{}"


@dataclass(frozen=True)
class Column(Shape):
    """A column of a parameter of rows; the numbers of a column may have to give a total."""

    key: str = ""
    total: int | None = None


@dataclass(frozen=True)
class Definition(Shape):
    """A parameter that a rule pack gives a value."""

    key: str = ""
    group: str = ""
    programmes: frozenset[Programme] = frozenset()
    columns: tuple[Column, ...] = ()
    setter: Setter = Setter.ANY
