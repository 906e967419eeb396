"""A person's ranks over the years, and their certificates."""

from datetime import date

from flask import Response
from pydantic import Field

from app.db.registers import DossierEntry
from app.services.ranks import histories
from app.services.ranks.histories import history_of
from app.views import papers
from app.views.api.answering import OK, PAPER, answer, known
from app.views.api.entry_rows import Verified, verified_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Path, Reference
from app.views.api.register_rows import named
from app.views.database import get_session
from app.views.session import current_actor

family = Family("ranks", "职级")


class HeldRank(Answer):
    id: int
    rank: str
    from_on: date = Field(serialization_alias="from")
    issuer: str = Field(description="备案单位")
    number: str = Field(description="备案号")
    instance: int | None = Field(description="在平台上备案的那件事")
    is_current: bool
    is_live: bool = Field(description="没有被更正，也没有划销")
    has_certificate: bool
    corrects: int | None = Field(description="更正了哪一条")
    verified: Verified


class RankHistory(Answer):
    person: Reference
    ranks: list[HeldRank] = Field(description="后生效的在前，更正了的、划销了的也在")
    ask: list[str] = Field(description="有错告诉谁：所在学校的政教处。备案过的只有更正备案能改")


@family.get("/people/<int:id>/ranks", summary="一个人的历次职级；看别人的会记下", responses={OK: RankHistory})
def index(path: Path) -> Response:
    """Return a person's ranks."""
    found = history_of(get_session(), current_actor(), known(path.id))
    ranks = [_rank(entry, is_current=entry is found.current) for entry in found.entries]
    return answer(RankHistory(person=named(found.person), ranks=ranks, ask=list(found.menders)))


@family.get(
    "/registers/ranks/<int:id>/certificate.pdf",
    summary="职级证书，有核验码；没有备案、没有生效、已经更正的是 409",
    responses={OK: PAPER},
)
def certificate(path: Path) -> Response:
    """Answer the certificate of a rank; the look is noted."""
    return papers.rank_certificate_of(get_session(), current_actor(), known(path.id))


def _rank(entry: DossierEntry, *, is_current: bool) -> HeldRank:
    return HeldRank(
        id=entry.id,
        rank=str(entry.category),
        from_on=entry.from_on,
        issuer=entry.issuer,
        number=entry.number,
        instance=entry.instance_id,
        is_current=is_current,
        is_live=histories.is_live(entry),
        has_certificate=histories.is_certified(entry),
        corrects=entry.corrects_id,
        verified=verified_of(entry),
    )
