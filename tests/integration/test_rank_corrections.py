"""Filed ranks that were wrong: corrected by another filing, signed by the principal, audited like the first."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.db.filings import FilingRow
from app.db.people import Position
from app.db.rank_reviews import RankApplication
from app.db.registers import DossierEntry
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Conflict, Invalid
from app.domain.filings import BatchKind, RowStatus, RowVerdict
from app.domain.ranks import RankApplicationResult
from app.domain.registers import REGISTERS
from app.domain.sheets import SheetKind
from app.domain.vocabulary import Role
from app.services.filings import rank_corrections
from app.services.filling.filing_lists import filed_ranks
from app.services.ranks.histories import history_of
from app.services.registers.entries import EntryFilters
from app.services.registers.sheets.exports import export_entries
from app.services.transactions import writing
from tests.integration.correction_world import begin, correct, effective, mend, ranks, through_district
from tests.integration.filing_world import NOON, Filing, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.integration.sheet_world import RANK, book, cells, hand_in

__all__ = ["database", "in_the_year", "school"]  # fixtures
# What either product does alike is tried on one.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
EARLIER = (NOON.date() - timedelta(days=30)).isoformat()


def heard(world: Filing, name: str) -> str:
    query = select(Notification.text).where(Notification.person_id == world.people[name])
    return "\n".join(world.school.session.scalars(query))


def insert_twin(world: Filing, row: FilingRow) -> None:
    """Correct what is being corrected, past all checks."""
    names = ("name", "rank", "kind", "particulars", "status", "level", "corrects_id")
    twin = {name: getattr(row, name) for name in names}
    world.school.session.add(FilingRow(batch_id=world.rows()[0].batch_id, person_id=world.people["teacher"], **twin))
    world.school.session.flush()


def verified_at(world: Filing) -> dict[Any, Any]:
    """Return by number where an export says that a rank was verified."""
    stream = BytesIO()
    export_entries(world.school.session, world.actor("office"), REGISTERS["ranks"], EntryFilters(), stream)
    heads, *rows = load_workbook(stream).worksheets[0].iter_rows(values_only=True)
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    return {row["备案号"]: row["核实单位"] for row in told}


@pytest.fixture
def direct(school: School) -> Filing:
    """Return a school under the city whose list is effective."""
    return filing(school, is_direct=True)


def test_a_correction_goes_the_way_of_the_list_and_only_then_the_register_changes(school: School) -> None:
    world = filing(school)
    wrong, other, _third = effective(world)
    paper = world.upload("office")
    batch = correct(
        world,
        mend(wrong, rank="intermediate_1", from_on=EARLIER, proof=[paper]),
        mend(other, wrong="不在班主任岗位", remedy="strike", reason="名单上没有"),
    )
    assert (batch.kind, batch.signed_by_id) == (BatchKind.CORRECTION, world.people["legal"])
    assert world.case(batch.instance_id).title == "2026—2027 学年班主任职级备案（更正）"
    assert [one.replaced_at for one in ranks(world)] == [None] * 3
    assert "报了" in heard(world, "host")
    through_district(world)
    assert [one.replaced_at for one in ranks(world)] == [None] * 3
    world.pass_all("city")
    found = ranks(world)
    assert [one.replaced_at is None for one in found] == [False, False, True, True, True]
    new, struck = found[3:]
    assert (new.corrects_id, new.category, new.from_on.isoformat(), new.number, new.is_void) == (
        wrong.id,
        "intermediate_1",
        EARLIER,
        "YL-2026-00004",
        False,
    )
    assert (new.instance_id, [one.attachment_id for one in new.evidence]) == (world.run("city").instance_id, [paper])
    assert (struck.corrects_id, struck.is_void, struck.issuer) == (other.id, True, "云澜市教育局")
    history = history_of(world.school.session, world.actor("office"), wrong.person_id)
    assert history.current is not None
    assert history.current.id == new.id
    assert history.current.verified_at_place.name == "云澜市教育局"
    assert verified_at(world)["YL-2026-00004"] == "云澜市教育局"
    for name in ("host", "office"):
        assert "已经备案：中级二档" in heard(world, name)
        assert "备案号 YL-2026-00004" in heard(world, name)
    assert world.case(batch.instance_id).outcome == "filed"
    again = correct(world, mend(new, rank="senior_2"))
    assert again.rows[0].corrects_id == new.id


@on_sqlite
def test_only_a_filed_rank_in_force_of_this_school_is_corrected(direct: Filing) -> None:
    first, second, _third = effective(direct)
    bad = (
        {"entry": 987654},
        {"rank": "intermediate_2"},
        {"rank": None},
        {"from_on": (clock.today() + timedelta(days=1)).isoformat()},
    )
    for changed in bad:
        with pytest.raises(Invalid):
            begin(direct, mend(first, rank="intermediate_1") | changed)
    with pytest.raises(Invalid):
        begin(direct, mend(first, rank="senior_1"), mend(first, rank="senior_2"))
    assert {one.value for one in filed_ranks(direct.school.session, direct.place)} >= {first.id, second.id}
    assert filed_ranks(direct.school.session, direct.school.organizations["sibling"]) == []


def test_of_two_corrections_at_once_one_is_filed(direct: Filing) -> None:
    wrong = effective(direct)[0]
    first, second = (begin(direct, mend(wrong, rank=rank)) for rank in ("intermediate_1", "senior_2"))
    direct.do(first, "sign_correction", "legal", "sign")
    with pytest.raises(Invalid):
        direct.do(second, "sign_correction", "legal", "sign")
    with pytest.raises(Invalid):
        begin(direct, mend(wrong, remedy="strike"))
    with pytest.raises(IntegrityError):
        insert_twin(direct, direct.rows()[-1])
    direct.school.session.rollback()
    direct.pass_all("city")
    assert [one.category for one in ranks(direct)[3:]] == ["intermediate_1"]


@on_sqlite
def test_whoever_is_applying_is_corrected_afterwards(direct: Filing) -> None:
    wrong = effective(direct)[0]
    case = begin(direct, mend(wrong, rank="intermediate_1"))
    with writing(direct.school.session):
        application = direct.school.session.scalars(select(RankApplication)).first()
        assert application is not None
        application.result, application.review.ended_at = RankApplicationResult.DETERMINED, None
    with pytest.raises(Invalid) as refused:
        direct.do(case, "sign_correction", "legal", "sign")
    assert "正在申报职级" in str(refused.value.errors)
    with pytest.raises(Invalid):
        begin(direct, mend(wrong, rank="intermediate_1"))


@on_sqlite
def test_a_correction_comes_back_is_mended_and_may_be_refused_for_good(direct: Filing) -> None:
    first, second, third = effective(direct)
    batch = correct(direct, mend(first, rank="senior_1"), mend(second, rank="senior_1"), mend(third, remedy="strike"))
    back, refused, struck = batch.rows
    direct.audit("city", "city_clerk", RowVerdict.RETURN, back, struck, reason="请核对")
    direct.audit("city", "city_clerk", RowVerdict.REFUSE, refused, reason="依据不足")
    direct.confirm("city")
    assert "没有通过，台账不变：依据不足" in heard(direct, "member")
    case = batch.instance_id or 0
    as_it_is = {"row": back.id, "rank": "intermediate_2", "note": "改"}
    for one in (as_it_is, {"row": back.id, "note": "改", "rank": "intermediate_1", "from_on": EARLIER}):
        both = {"rows": [one, {"row": struck.id, "note": "名单", "rank": "senior_1"}]}
        with pytest.raises(Invalid):
            direct.do(case, "correct_rows", "office", "submit", both)
    mended = {"row": back.id, "rank": "intermediate_1", "from_on": EARLIER, "note": "按评审表"}
    direct.do(case, "correct_rows", "office", "submit", {"rows": [mended, {"row": struck.id, "note": "附名单"}]})
    direct.do(case, "sign_rows", "legal", "sign")
    direct.pass_all("city")
    assert [row.status for row in direct.rows()[3:]] == [RowStatus.EFFECTIVE, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    new, void = ranks(direct)[3:]
    assert (new.corrects_id, new.category, new.from_on.isoformat()) == (first.id, "intermediate_1", EARLIER)
    assert (void.corrects_id, void.is_void) == (third.id, True)
    assert correct(direct, mend(second, rank="intermediate_1")).rows[0].corrects_id == second.id


@on_sqlite
def test_the_school_that_filed_corrects_for_a_teacher_who_left_and_on_paper_too(school: School) -> None:
    world = filing(school, filing__channel="paper")
    batch = world.file()
    reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-11-27", "exceptions": []}

    def answered(case: int) -> None:
        world.do(case, "attach_scan", "office", "submit", {"scan": world.upload("office")})
        world.do(case, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
        world.do(case, "confirm_reply", "legal", "accept")

    answered(batch.instance_id or 0)
    with writing(school.session):
        for one in school.session.scalars(select(RankApplication)):
            one.result, one.review.ended_at = RankApplicationResult.EFFECTIVE, clock.now()
        for post in school.session.scalars(select(Position).filter_by(person_id=school.people["host"])):
            post.organization_id = school.organizations["sibling"]
        place = {"organization_id": school.organizations["sibling"], "from_on": clock.today()}
        school.session.add(Position(person_id=school.people["member"], role=Role.MORAL_EDUCATION_OFFICE, **place))
    wrong = ranks(world)[0]
    made = correct(world, mend(wrong, rank="intermediate_1"))
    answered(made.instance_id or 0)
    new = ranks(world)[-1]
    assert (new.corrects_id, new.number, new.issuer) == (wrong.id, "云教备〔2026〕12 号-4", "临溪区教育局")
    for name in ("host", "member"):
        assert "备案号 云教备〔2026〕12 号-4" in heard(world, name)


@on_sqlite
def test_what_was_signed_is_what_is_filed(direct: Filing) -> None:
    wrong, other, _third = effective(direct)
    case = begin(direct, mend(wrong, rank="intermediate_1"))
    with writing(direct.school.session):
        direct.school.session.get_one(DossierEntry, wrong.id).number = "另一个号"
    with pytest.raises(Conflict):
        direct.do(case, "sign_correction", "legal", "sign")
    assert rank_corrections.open_entries(direct.school.session, direct.place)
    correct(direct, mend(other, rank="intermediate_1"))
    with writing(direct.school.session):
        direct.school.session.get_one(DossierEntry, other.id).replaced_at = clock.now()
    direct.pass_all("city")
    back = direct.rows()[-1]
    assert (back.status, "不在台账里" in (back.reason or "")) == (RowStatus.PENDING, True)


def test_an_import_brings_only_what_was_before_the_platform(school: School) -> None:
    world = filing(school, is_direct=True, count=2)
    filed, *_others = effective(world)
    school.people["office"] = world.people["office"]
    rows = [
        RANK | {"生效日期": clock.today().isoformat()},
        RANK | {"职级": "初级二档", "备案号": filed.number},
        RANK | {"职级": "班主任助理", "生效日期": "2020-10-15", "备案号": "ＹＬ‐2027- 00044"},
        RANK | {"职级": "高级二档", "生效日期": "2025-10-15", "备案号": "YL-2025-00012"},
    ]
    told = cells(hand_in(school, SheetKind.RANKS, book(SheetKind.RANKS, rows)))
    assert set(told) == {"D2", "F3", "F4"}
    assert ("职级补报" in told["D2"], "平台备案的编号" in told["F3"], "平台备案的编号" in told["F4"]) == (True,) * 3
