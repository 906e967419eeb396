"""Statistics: figures with the number of those whom they are taken of."""

from datetime import date

from flask import Response
from pydantic import BaseModel, Field

from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.vocabulary import OrganizationKind
from app.services.ranks.statistics import Unit, statistics
from app.services.ranks.statistics_sheets import export_statistics
from app.views.api.answering import OK, answer
from app.views.api.exports import WORKBOOK
from app.views.api.family import Family
from app.views.api.fields import Answer, MaybeDay, MaybeId, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor
from app.views.workbooks import handed_out

family = Family("statistics", "统计")


class Asked(BaseModel):
    organization: MaybeId = Field(None, description="单位，含下级；不写是本人能看的最上一级")
    as_of: MaybeDay = Field(None, description="哪一天的情况，不写是今天")


class RankUnit(Answer):
    organization: Reference
    kind: OrganizationKind
    schools: int = Field(description="几所学校")
    confirmed: int = Field(description="其中几所那天有确认过的班主任名单；其余的学校不计人")
    homeroom_teachers: int = Field(description="名单上的班主任，一所学校里每人一次：这是分母")
    withheld: int = Field(description="班主任不足 5 人的学校，看不到他们档案的人只看人数，不分列")
    by_rank: dict[str, int] = Field(
        description="职级到人数，没有人的是 0；加上 unranked 等于 homeroom_teachers − withheld"
    )
    unranked: int


class RankStatistics(Answer):
    as_of: date
    total: RankUnit
    units: list[RankUnit] = Field(description="下一级的每个单位；问的是学校就是它自己")


@family.get("/statistics/ranks", summary="班主任职级统计，按单位", responses={OK: RankStatistics})
def of_ranks(query: Asked) -> Response:
    """Return how many homeroom teachers hold which rank."""
    found = statistics(get_session(), current_actor(), query.organization, query.as_of or clock.today())
    units = [_unit(unit) for unit in found.units]
    return answer(RankStatistics(as_of=found.as_of, total=_unit(found.total), units=units))


@family.get("/statistics/ranks.xlsx", summary="班主任职级统计，Excel，一行一所学校", responses={OK: WORKBOOK})
def of_ranks_sheet(query: Asked) -> Response:
    """Hand out the same by school."""
    found = statistics(get_session(), current_actor(), query.organization, query.as_of or clock.today())
    return handed_out(lambda file: export_statistics(found, file), "ranks.xlsx")


def _unit(unit: Unit) -> RankUnit:
    return RankUnit(
        organization=reference(unit.organization),
        kind=OrganizationKind(unit.organization.kind),
        schools=unit.schools,
        confirmed=unit.confirmed,
        homeroom_teachers=unit.homeroom_teachers,
        withheld=unit.withheld,
        by_rank={str(rank): unit.by_rank.get(rank, 0) for rank in Rank},
        unranked=unit.unranked,
    )
