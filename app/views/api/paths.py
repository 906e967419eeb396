"""The path of a case: what was done, where it stands, what comes."""

from typing import Literal

from pydantic import Field

from app.engine.due_values import WorkingDays
from app.services.reading.forecasts import Coming, Past, Path
from app.views.api.fields import Answer, Instant
from app.views.presenters.forecasts import due_of


class Handling(Answer):
    """Who will be asked."""

    role: str | None = Field(description="职务；发起人本人办的为空")
    organization: str
    names: list[str] = Field(description="现在担任的人；别的单位的不写姓名，由多人办理的不写")
    count: int = Field(description="几个人担任；0 就是现在没有人担任")


class Depends(Answer):
    question: str
    answer: str


class Elsewhere(Depends):
    to: list[str] = Field(description="那时接着的步骤")


class PathStep(Answer):
    element: str
    name: str
    kind: Literal["done", "now", "ahead"]
    person: str | None = Field(description="谁办的")
    at: Instant | None = Field(description="什么时候办的")
    verdict: str | None
    handlers: Handling | None
    due_at: Instant | None = Field(description="现在这一步的期限")
    working_days: int | None = Field(description="到了以后几个工作日内办")
    due: str = Field(description="期限的说法")
    certainty: Literal["expected", "depends"] | None = Field(
        description="expected：都同意就会走到；depends：看 depends_on 而定"
    )
    depends_on: list[Depends]
    otherwise: list[Elsewhere] = Field(description="退回、不同意、到期等，改走哪里")


class PathAnswer(Answer):
    items: list[PathStep]


def path_answer(path: Path) -> PathAnswer:
    """Return a path."""
    return PathAnswer(items=[*(_past(path, one) for one in path.done), *(_coming(path, one) for one in path.coming)])


def _past(path: Path, one: Past) -> PathStep:
    return PathStep(
        element=one.element,
        name=path.process.element(one.element).name,
        kind="done",
        person=one.finished.person,
        at=one.finished.at,
        verdict=one.finished.verdict,
        handlers=None,
        due_at=None,
        working_days=None,
        due="",
        certainty=None,
        depends_on=[],
        otherwise=[],
    )


def _coming(path: Path, one: Coming) -> PathStep:
    ahead = one.ahead
    return PathStep(
        element=ahead.path,
        name=path.process.element(ahead.path).name,
        kind="now" if one.now else "ahead",
        person=None,
        at=None,
        verdict=None,
        handlers=_handling(one),
        due_at=one.now.due_at if one.now else None,
        working_days=ahead.due.days if isinstance(ahead.due, WorkingDays) else None,
        due=due_of(ahead),
        certainty="expected" if ahead.is_expected else "depends",
        depends_on=[Depends(question=branch.question, answer=branch.answer) for branch in ahead.branches],
        otherwise=[
            Elsewhere(question=turn.branch.question, answer=turn.branch.answer, to=list(turn.steps))
            for turn in ahead.turns
        ],
    )


def _handling(one: Coming) -> Handling | None:
    found = one.handlers
    if found is None:
        return None
    names = list(one.now.people) if one.now and one.now.people else list(found.names)
    return Handling(role=found.role, organization=found.organization, names=names, count=found.count)
