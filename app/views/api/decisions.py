"""The decision sheets of a round: the declared formula, what it reckons from, and who was determined."""

from typing import Any

from flask import Response
from pydantic import Field

from app.db.selections import DecisionSheet
from app.domain.selections import SheetKind
from app.services.selections.reading import decision
from app.views.api.answering import OK, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Path, Reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("decisions", "决定表")


class Sheet(Answer):
    kind: SheetKind = Field(description="host 主持人，member 成员")
    formula: dict[str, Any] = Field(
        description="满分 points，收到的选票 papers，比重 weights（评议、投票），名额 seats，并列怎样分 tie_break"
    )
    rows: list[dict[str, Any]] = Field(description="照公式的顺序，每人一行，怎样算出来的都在里面")
    content_hash: str
    code: str = Field(description="核验码")
    decided_by: Reference | None
    decided_at: Instant | None
    revision: int


class Decisions(Answer):
    round: int
    sheets: list[Sheet]


@family.get("/rounds/<int:id>/decision", summary="一个批次的决定表", responses={OK: Decisions})
def show(path: Path) -> Response:
    """Return the sheets of a round."""
    found = decision(get_session(), current_actor(), known(path.id))
    return answer(Decisions(round=found.round.id, sheets=[_sheet(one) for one in found.sheets]))


def _sheet(one: DecisionSheet) -> Sheet:
    by = one.decided_by
    return Sheet(
        kind=SheetKind(one.kind),
        formula=one.formula,
        rows=one.rows,
        content_hash=one.content_hash,
        code=one.code,
        decided_by=Reference(id=by.id, name=by.name) if by else None,
        decided_at=one.decided_at,
        revision=one.revision,
    )
