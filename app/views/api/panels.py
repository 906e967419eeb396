"""Panels: the score sheet, once all are in or the deadline has passed."""

from flask import Response
from pydantic import Field

from app.domain.panels import number
from app.services.panels import sheets
from app.services.panels.sheets import ScoreSheet, SheetLine
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Path, Reference
from app.views.api.items import criterion_of
from app.views.api.models import Criterion
from app.views.database import get_session
from app.views.session import current_actor

family = Family("panels", "评议打分")


class Scored(Answer):
    """Whom a panel scored."""

    id: int | str
    name: str
    hint: str


class Given(Answer):
    """What one member gave a candidate."""

    person: Reference
    points: list[float]
    total: float
    opinion: str


class ScoreLine(Answer):
    candidate: Scored
    mean: float | None = Field(description="平均分；没有人评的为空")
    spread: float | None = Field(description="最高和最低相差几分")
    scored: int = Field(description="几个人评过")
    recused: int = Field(description="几个人回避")
    criteria: list[float] = Field(description="各项的平均分，按项目的先后")
    opinions: list[str] = Field(description="不署名的意见")
    given: list[Given] = Field(description="谁给了几分；保密的没有")


class Sheet(Answer):
    id: int
    instance: int
    element: str
    status: str
    outcome: str | None = Field(description="scored 全部交齐，incomplete 到截止没有交齐")
    secrecy: str
    due_at: Instant | None
    roll: int
    answered: int
    recused: int
    missing: list[Reference] = Field(description="还没有交的人")
    criteria: list[Criterion]
    lines: list[ScoreLine] = Field(description="结束以后才有；评的是调用者本人的那一行没有")


@family.get("/panels/<int:id>", summary="评分表：平均分、差距、谁没有交", responses={OK: Sheet})
def show(path: Path) -> Response:
    """Return the score sheet of a panel."""
    return answer(_sheet_of(sheets.score_sheet(get_session(), current_actor(), known(path.id))))


def _sheet_of(found: ScoreSheet) -> Sheet:
    standing = found.standing
    task, count = standing.task, standing.count
    return Sheet(
        id=task.id,
        instance=task.instance_id,
        element=task.element,
        status=task.status,
        outcome=task.outcome,
        secrecy=task.secrecy,
        due_at=task.due_at,
        roll=count.roll,
        answered=count.answered,
        recused=count.recused,
        missing=[Reference(id=one.id, name=one.name) for one in found.missing],
        criteria=[criterion_of(one) for one in found.sheet.criteria],
        lines=[_line_of(one) for one in found.lines],
    )


def _line_of(found: SheetLine) -> ScoreLine:
    line = found.line
    return ScoreLine(
        candidate=Scored(id=line.candidate.id, name=line.candidate.name, hint=line.candidate.hint),
        mean=number(line.mean),
        spread=number(line.spread),
        scored=line.scored,
        recused=found.recused,
        criteria=[float(one) for one in line.means],
        opinions=found.opinions,
        given=[
            Given(
                person=Reference(id=one.person.id, name=one.person.name),
                points=list(one.points),
                total=one.total,
                opinion=one.opinion,
            )
            for one in found.given
            if one.person is not None
        ],
    )
