"""Secret ballots as the engine knows them: the paper and its keepers at opening, the tally at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from app.domain.ballots import MOST_CHOICES, SCRUTINEERS, Choice, Custody, Paper, ties
from app.domain.errors import Invalid
from app.domain.tally import ABSTAIN
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.engine.compiler import CompiledProcess
from app.engine.due_values import DueValue
from app.engine.dues import parse_due
from app.engine.expressions import parse
from app.engine.model import Collective, UserTask
from app.engine.types import NUMBER, TEXT, Type, list_of, row_of
from app.engine.values import CaseValues, Inputs

SEATS = N_("每张选票最多选几人，要写 1 以上的整数。")
PLACES = N_("一共要选出几人，要写 1 以上的整数。")
# What a ballot leaves in the case beside its verdict; the tally only once it is confirmed.
RESULT_TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "roll": NUMBER,
        "answered": NUMBER,
        "tally": list_of(row_of({"id": TEXT, "votes": NUMBER})),
        "tied": list_of(row_of({"id": TEXT, "name": TEXT, "hint": TEXT})),
        "open_places": NUMBER,
    }
)


@dataclass(frozen=True)
class BallotTerms:
    """The paper, who opens the ballots, who keeps the key, and the one extension where too few voted."""

    paper: Paper
    # People's ids, or roles whose holders are asked.
    scrutineers: tuple[int | str, ...]
    custody: Custody
    extension: DueValue | None = None
    # Whether the assistants of homeroom teachers vote, too.
    with_assistants: bool = False
    # Whether a vote may be changed until the end of the voting.
    can_change: bool = True
    # How many are to be chosen in all; without it no tie counts.
    places: int | None = None
    # The names that are people, by their ids.
    candidates: frozenset[int] = frozenset()


def terms_of(process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> BallotTerms:
    """Evaluate what the ballot at a path says as it opens. Raises ExpressionError, Invalid."""
    task, names = _asked(process, path, values, context)
    asked = task.collective
    assert asked is not None  # noqa: S101 - none but a collective task is secret
    rows = _value(asked.choices, names)
    choices = _choices(rows)
    seats = min(_number("seats", SEATS, _value(asked.seats, names)), len(choices))
    places = _value(asked.places, names)
    return BallotTerms(
        paper=Paper(choices, seats, ABSTAIN in task.verdicts),
        scrutineers=_scrutineers(_value(asked.scrutineers, names)),
        custody=_custody(asked, names),
        extension=parse_due(asked.extend).evaluate(names) if asked.extend else None,
        with_assistants=_value(asked.assistants_vote, names) is True,
        can_change=_value(asked.vote_change, names) is not False,
        places=None if places is None else _number("places", PLACES, places),
        candidates=frozenset(row["id"] for row in rows if isinstance(row.get("id"), int)),
    )


def due_of(
    process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]
) -> DueValue | None:
    """Return the deadline of a ballot, which runs from the day on which people can vote. Raises ExpressionError."""
    task, names = _asked(process, path, values, context)
    return parse_due(task.due).evaluate(names) if task.due else None


def result(
    roll: int, answered: int, paper: Paper, votes: Sequence[int] | None, places: int | None = None
) -> dict[str, Any]:
    """Return what the case keeps of a ballot; without enough votes there is no tally."""
    found: dict[str, Any] = {"roll": roll, "answered": answered}
    if votes is not None:
        counted = zip(paper.choices, votes, strict=True)
        found["tally"] = [{"id": choice.id, "votes": number} for choice, number in counted]
        tied, found["open_places"] = ties(votes, places)
        found["tied"] = [asdict(paper.choices[place]) for place in tied]
    return found


def _asked(
    process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[UserTask, Mapping[str, Any]]:
    task = process.element(path)
    if not isinstance(task, UserTask):
        raise KeyError(path)
    return task, CaseValues(process, Inputs(values, context)).names(tuple(path.split("/")[:-1]))


def _value(text: str | None, names: Mapping[str, Any]) -> Any:
    return parse(text).evaluate(names) if text else None


def _choices(found: Any) -> tuple[Choice, ...]:
    rows = found if isinstance(found, list) else []
    choices = tuple(_choice(row, number) for number, row in enumerate(rows, start=1) if isinstance(row, dict))
    is_whole = len(choices) == len(rows) and all(choice.name for choice in choices)
    if not (is_whole and 1 <= len(choices) <= MOST_CHOICES):
        raise Invalid.field("choices", N_("候选名单要有 1 到 %(most)d 个人，每人都有姓名。"), most=MOST_CHOICES)
    if len({choice.id for choice in choices}) < len(choices):
        raise Invalid.field("choices", N_("候选名单里有人列了两次，请去掉一个。"))
    return choices


def _choice(row: Mapping[str, Any], number: int) -> Choice:
    named = row.get("id")
    return Choice(str(number if named is None else named), str(row.get("name") or ""), str(row.get("hint") or ""))


def _number(field: str, words: str, found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise Invalid.field(field, words)
    return found


def _scrutineers(found: Any) -> tuple[int | str, ...]:
    asked = tuple(one for one in found if isinstance(one, int) or one in set(Role)) if isinstance(found, list) else ()
    people = [one for one in asked if isinstance(one, int)]
    if len(asked) != SCRUTINEERS or len(set(people)) < len(people):
        raise Invalid.field("scrutineers", N_("监票人要是三位不同的人，请重新选。"))
    return asked


def _custody(asked: Collective, names: Mapping[str, Any]) -> Custody:
    found = _value(asked.custody, names) or Custody.SCRUTINEERS
    if found not in set(Custody):
        raise Invalid.field("custody", N_("选票密钥由谁保管，只能是 scrutineers 或者 platform。"))
    return Custody(found)
