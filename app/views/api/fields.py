"""The types of what comes in and goes out: numbers, texts, instants, paging."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from app.domain import clock
from app.views.numbers import FIRST_YEAR, LAST_YEAR

LARGEST_ID = 2**63 - 1
# What is counted is kept in fewer bits than what rows are known by.
LARGEST_NUMBER = 2**31 - 1
LONGEST_SEARCH = 100
Item = TypeVar("Item")


def _printable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character")
    return text


def _written(at: datetime) -> str:
    return clock.shanghai(at).isoformat(timespec="seconds")


def _absent_if_empty(value: Any) -> Any:
    return None if value == "" else value


def _as_date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Revision = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Instant = Annotated[
    datetime, PlainSerializer(_written, return_type=str), Field(json_schema_extra={"format": "date-time"})
]
Day = Annotated[date, BeforeValidator(_as_date)]
# A filter in the address may be left empty.
IF_GIVEN = BeforeValidator(_absent_if_empty)
MaybeId = Annotated[Annotated[int, Field(ge=1, le=LARGEST_ID)] | None, IF_GIVEN]
MaybeYear = Annotated[
    Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None,
    IF_GIVEN,
]
MaybeSchoolYear = Annotated[Annotated[int, Field(ge=2000, le=2100)] | None, IF_GIVEN]
MaybeText = Annotated[
    Annotated[str, Field(max_length=LONGEST_SEARCH), AfterValidator(_printable)] | None,
    IF_GIVEN,
]
MaybeDay = Annotated[Day | None, IF_GIVEN]
MaybeCount = Annotated[Annotated[int, Field(ge=1, le=100)] | None, IF_GIVEN]


class Body(BaseModel):
    """A body: nothing that was not asked for, and no text where a number is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Paging(BaseModel):
    """How much of a list is asked for."""

    limit: MaybeCount = Field(None, description="每页条数，最多 100")
    cursor: MaybeText = Field(None, description="上一页给出的 next")


class Path(BaseModel):
    """The number in an address."""

    id: int


class Answer(BaseModel):
    """Something that is answered."""

    model_config = ConfigDict(populate_by_name=True)


class Reference(Answer):
    """Something named by number and name."""

    id: int
    name: str


class Flaw(Answer):
    """Something to mend in a file of a process."""

    file: str
    element: str
    rule: str
    text: str


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] | None = None
    problems: list[Flaw] | None = Field(None, description="流程文件里要改的每一处")
