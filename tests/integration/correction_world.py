"""A school whose filed ranks are effective, and what tests do to have one corrected."""

from typing import Any

from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.rank_reviews import RankApplication
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.ranks import RankApplicationResult
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.filing_world import Filing


def ranks(world: Filing) -> list[DossierEntry]:
    world.school.session.expire_all()
    is_rank = DossierEntry.kind == EntryKind.RANK
    return list(world.school.session.scalars(select(DossierEntry).where(is_rank).order_by(DossierEntry.id)))


def effective(world: Filing) -> list[DossierEntry]:
    """File the list and let it take effect; the applications keep it as their cases do, and the review ends."""
    world.file()
    if world.rows()[0].batch.district_run_id is not None:
        through_district(world)
    world.pass_all("city")
    with writing(world.school.session):
        for one in world.school.session.scalars(select(RankApplication)):
            one.result, one.review.ended_at = RankApplicationResult.EFFECTIVE, clock.now()
    return ranks(world)


def through_district(world: Filing) -> None:
    case = world.run("district").instance_id
    world.pass_all("district")
    world.do(case, "aggregate", "district_clerk", "submit")
    world.do(case, "sign_up", "district_leader", "agree")


def mend(entry: DossierEntry, **changed: Any) -> dict[str, Any]:
    return {"entry": entry.id, "wrong": "职级写低了", "remedy": "mend", "reason": "评审表上高一档"} | changed


def begin(world: Filing, *rows: dict[str, Any]) -> int:
    office = world.actor("office")
    proven = [{"proof": [world.upload("office")]} | row for row in rows]
    return starts.start(world.school.session, office, "rank_correction", world.place, {"rows": proven}).instance


def correct(world: Filing, *rows: dict[str, Any]) -> FilingBatch:
    """Have corrections signed and filed."""
    world.do(begin(world, *rows), "sign_correction", "legal", "sign")
    return world.rows()[-1].batch
