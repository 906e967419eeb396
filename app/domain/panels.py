"""Panel reviews as arithmetic: whom a panel scores on what, what a member may hand in, what the scores come to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid
from app.domain.text import N_, Sentence, sentence, visible

MOST_CANDIDATES, MOST_CRITERIA, MOST_POINTS = 100, 12, 1000
LONGEST_OPINION = 500
LONGEST_ID = 64
# Half points and tenths are given; more would be false precision.
STEP = Decimal("0.1")
CENT = Decimal("0.01")
Id = int | str
Errors = dict[str, list[Sentence]]


class ConflictKind(StrEnum):
    """Why a member of a panel does not score a candidate."""

    SELF = "self"
    RELATIVE = "relative"
    SAME_STUDIO = "same_studio"
    OTHER = "other"


CONFLICT_TITLES: Mapping[ConflictKind, str] = {
    ConflictKind.SELF: N_("就是本人"),
    ConflictKind.RELATIVE: N_("亲属"),
    ConflictKind.SAME_STUDIO: N_("同一个工作室"),
    ConflictKind.OTHER: N_("其他关系"),
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who is scored; a person's number, or in a scenario a name."""

    id: Id
    name: str
    hint: str = ""

    @property
    def key(self) -> str:
        """Return the id as it is compared, whether it came as a number or as a text."""
        return str(self.id)


@dataclass(frozen=True)
class Criterion:
    """What is scored, and the most points for it."""

    name: str
    points: int


@dataclass(frozen=True)
class Sheet:
    """The sheet that every member of a panel fills in."""

    candidates: tuple[Candidate, ...]
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> int:
        """Return the most points that a candidate can get."""
        return sum(one.points for one in self.criteria)

    def left_to(self, aside: Collection[str]) -> tuple[Candidate, ...]:
        """Return whom a member scores who steps aside for some."""
        return tuple(one for one in self.candidates if one.key not in aside)


@dataclass(frozen=True)
class Line:
    """What a candidate's scores come to."""

    candidate: Candidate
    # The sums of those who scored the candidate, by nobody's order.
    totals: tuple[Decimal, ...]
    # The mean of each criterion, in their order.
    means: tuple[Decimal, ...]

    @property
    def mean(self) -> Decimal | None:
        """Return the mean of the sums, rounded to hundredths; None where nobody scored."""
        return _mean(self.totals) if self.totals else None

    @property
    def spread(self) -> Decimal | None:
        """Return how far the highest sum lies above the lowest."""
        return max(self.totals) - min(self.totals) if self.totals else None

    @property
    def scored(self) -> int:
        """Return how many scored the candidate."""
        return len(self.totals)

    @property
    def row(self) -> dict[str, Any]:
        """Return what the case keeps of it."""
        return {
            "id": self.candidate.id,
            "mean": number(self.mean),
            "spread": number(self.spread),
            "scored": self.scored,
        }


def lines(sheet: Sheet, handed_in: Iterable[Sequence[Mapping[str, Any]]]) -> list[Line]:
    """Return what the members' scores come to, in the order of the candidates."""
    given: dict[str, list[list[Decimal]]] = {one.key: [] for one in sheet.candidates}
    for rows in handed_in:
        for row in rows:
            given[str(row["candidate"])].append([Decimal(str(one)) for one in row["points"]])
    return [_line(candidate, sorted(given[candidate.key])) for candidate in sheet.candidates]


def exact(value: Decimal) -> int | float:
    """Return a number as JSON has it, whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def number(value: Decimal | None) -> int | float | None:
    """Return a number as JSON has it, or none."""
    return None if value is None else exact(value)


def total(points: Iterable[int | float]) -> int | float:
    """Return the sum of a candidate's points, exactly."""
    return exact(sum((Decimal(str(one)) for one in points), Decimal(0)))


def checked(sheet: Sheet, given: object, aside: Collection[str]) -> list[dict[str, Any]]:
    """Return a member's scores in the order of the candidates. Raises Invalid by field for what is wrong or missing."""
    asked = {one.key: one for one in sheet.left_to(aside)}
    errors: Errors = {}
    found: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(_listed(given)):
        key = str(row.get("candidate")) if isinstance(row, Mapping) else ""
        where = f"scores.{place}"
        if key in found:
            errors[where] = [sentence(N_("%(name)s评了两次，请去掉一次。"), name=asked[key].name)]
        elif key not in asked:
            errors[where] = [sentence(N_("打分表上没有这个人，或者您对他回避，请去掉这一行。"))]
        else:
            found[key] = _row(sheet, asked[key], row, where, errors)
    missing = [one.name for key, one in asked.items() if key not in found]
    if missing:
        errors["scores"] = [sentence(N_("还没有评：%(names)s。请每人都评完再提交。"), names="、".join(missing))]
    if errors:
        raise Invalid(errors)
    return [found[key] for key in asked]


def typed(sheet: Sheet, given: object, aside: Collection[str]) -> list[dict[str, Any]]:
    """Return what a member has typed so far, whatever its shape: a row for each candidate that has one."""
    rows = {str(row.get("candidate")): row for row in _listed(given) if isinstance(row, Mapping)}
    return [
        {
            "candidate": one.id,
            "points": _listed(rows[one.key].get("points"))[: len(sheet.criteria)],
            "opinion": str(rows[one.key].get("opinion") or ""),
        }
        for one in sheet.left_to(aside)
        if one.key in rows
    ]


def _listed(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _row(sheet: Sheet, one: Candidate, row: Mapping[str, Any], where: str, errors: Errors) -> dict[str, Any]:
    given = _listed(row.get("points"))
    if all(points is None for points in given):
        errors[f"{where}.points"] = [sentence(N_("还没有给%(name)s打分。"), name=one.name)]
        return {}
    for place, criterion in enumerate(sheet.criteria):
        if found := _objection(criterion, one, given[place] if place < len(given) else None):
            errors[f"{where}.points.{place}"] = [found]
    if len(given) > len(sheet.criteria):
        errors[f"{where}.points"] = [sentence(N_("分数比评议项目多，请按项目逐项打分。"))]
    opinion = row.get("opinion")
    words = visible(opinion).strip() if isinstance(opinion, str) else ""
    if len(words) > LONGEST_OPINION:
        errors[f"{where}.opinion"] = [_too_long(len(words))]
    return {"candidate": one.id, "points": list(given), "opinion": words}


def _objection(criterion: Criterion, one: Candidate, given: object) -> Sentence | None:
    """Return what is wrong with the points for a criterion."""
    named = {"criterion": criterion.name, "most": criterion.points}
    if given is None:
        return sentence(N_("请给%(name)s的%(criterion)s打分，0 到 %(most)d 分。"), name=one.name, **named)
    value = Decimal(str(given)) if isinstance(given, int | float) and not isinstance(given, bool) else None
    if value is None or not value.is_finite():
        return sentence(N_("%(criterion)s要填数字，0 到 %(most)d 分。"), **named)
    if value > criterion.points:
        return sentence(N_("%(criterion)s最高 %(most)d 分，您填了 %(given)s。"), given=_plain(value), **named)
    if value < 0:
        return sentence(N_("%(criterion)s最低 0 分，您填了 %(given)s。"), given=_plain(value), **named)
    if value % STEP:
        return sentence(N_("%(criterion)s最多写一位小数，您填了 %(given)s。"), given=_plain(value), **named)
    return None


def _too_long(given: int) -> Sentence:
    return sentence(N_("意见最多 %(most)d 字，您写了 %(given)d 字。"), most=LONGEST_OPINION, given=given)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _line(candidate: Candidate, given: Sequence[Sequence[Decimal]]) -> Line:
    totals = tuple(sum(points, Decimal(0)) for points in given)
    return Line(candidate, tuple(sorted(totals)), tuple(_means(given)))


def _means(given: Sequence[Sequence[Decimal]]) -> Iterator[Decimal]:
    return (_mean(column) for column in zip(*given, strict=True))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return (sum(values, Decimal(0)) / len(values)).quantize(CENT, ROUND_HALF_UP)
