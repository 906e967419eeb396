"""A school's list of ranks on its way up: audited by two people, numbered, effective in the register."""

import pytest
from sqlalchemy import select, update

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.db.journal import JournalEntry
from app.db.messages import Message
from app.db.rank_reviews import RankApplication
from app.db.registers import DossierEntry
from app.db.schedules import Schedule
from app.db.work import Notification
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.filings import BatchKind, BatchStatus, Difference, FilingLevel, RowStatus, RowVerdict, Standing
from app.domain.ranks import RankApplicationResult
from app.services.acts import interventions
from app.services.filings import (
    batches,
    bulk_audits,
    effects,
    letters,
    listing,
    row_lists,
    runs,
    setbacks,
    urging,
    withdrawing,
)
from app.services.filings.row_lists import Wanted
from app.services.filling import option_lists
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.filing_world import DAY, NOON, Filing, after_the_year, filing, in_the_year
from tests.integration.letter_world import alone
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "in_the_year", "school"]  # fixtures


def sent(world: Filing, name: str) -> list[Message]:
    return list(world.school.session.scalars(select(Message).where(Message.name == name).order_by(Message.id)))


def ranks(world: Filing) -> list[DossierEntry]:
    is_rank = DossierEntry.kind == EntryKind.RANK
    return list(world.school.session.scalars(select(DossierEntry).where(is_rank).order_by(DossierEntry.id)))


def standing(world: Filing, run: FilingRun) -> tuple[Standing, FilingLevel | None]:
    """Return where the school stands as a bureau sees it."""
    found = next(one for one in listing.schools_below(world.school.session, run) if one.id == world.place)
    return found.standing, found.waits_with


def offered_in(world: Filing, case: int | None) -> list[object]:
    """Return the rows that the form of a case offers."""
    key = "filing_rows"
    offered = option_lists.options_for(world.school.session, world.actor("office"), world.place, [key], case)
    return [one.value for one in offered[key]]


@pytest.fixture
def direct(school: School) -> Filing:
    """Return a school that stands under the city."""
    return filing(school, is_direct=True)


def test_a_direct_school_files_with_the_city_and_its_ranks_are_effective(direct: Filing) -> None:
    batch = direct.file()
    city = direct.run("city")
    assert (batch.status, batch.city_run_id, batch.is_late) == (BatchStatus.SUBMITTED, city.id, False)
    assert direct.waiting(city.instance_id) == ["audit_rows"]
    direct.pass_all("city")
    rows = direct.rows()
    assert [(row.status, row.filing_number) for row in rows] == [
        (RowStatus.EFFECTIVE, f"YL-2026-{number:05d}") for number in (1, 2, 3)
    ]
    assert [(entry.category, entry.number, entry.issuer) for entry in ranks(direct)] == [
        (row.rank, row.filing_number, "云澜市教育局") for row in rows
    ]
    told = sent(direct, "rank_settled")
    assert [(one.key, one.payload["result"]) for one in told] == [
        (str(row.application_id), "effective") for row in rows
    ]
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 3, "refused": 0}]
    assert direct.case(batch.instance_id).outcome == "filed"
    assert direct.waiting(city.instance_id) == []


def test_rows_return_to_the_school_alone_and_go_up_again(direct: Filing) -> None:
    batch = direct.file()
    back, refused, good = direct.rows()
    direct.audit("city", "city_clerk", RowVerdict.RETURN, back, reason="缺任职证明")
    direct.audit("city", "city_clerk", RowVerdict.REFUSE, refused, reason="不在班主任岗位")
    direct.audit("city", "city_clerk", RowVerdict.ACCEPT, good)
    direct.confirm("city")
    assert [row.status for row in direct.rows()] == [RowStatus.RETURNED, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    instance = batch.instance_id or 0
    assert direct.waiting(instance) == ["correct_rows"]
    direct.do(instance, "correct_rows", "office", "submit", {"rows": [{"row": back.id, "note": "补上了证明"}]})
    direct.do(instance, "sign_rows", "legal", "sign")
    assert direct.rows()[0].status == RowStatus.PENDING
    direct.pass_all("city")
    assert [row.status for row in direct.rows()] == [RowStatus.EFFECTIVE, RowStatus.REFUSED, RowStatus.EFFECTIVE]
    assert direct.case(instance).outcome == "filed"
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 2, "refused": 1}]


def supplement(world: Filing, application_id: int | None) -> int:
    given = {"rows": [{"application": application_id, "note": "补上了任职证明"}]}
    office = world.actor("office")
    return starts.start(world.school.session, office, "rank_supplement", world.place, given).instance


def refused_one(world: Filing) -> tuple[FilingBatch, RankApplication]:
    """File the list, have one of it refused and the others effective, and keep that as the review does."""
    batch = world.file()
    bad, *good = world.rows()
    world.audit("city", "city_clerk", RowVerdict.REFUSE, bad, reason="缺任职证明")
    world.audit("city", "city_clerk", RowVerdict.ACCEPT, *good)
    world.confirm("city")
    with writing(world.school.session):
        application = world.school.session.get_one(RankApplication, bad.application_id)
        application.result, application.review.filed_at = RankApplicationResult.REFUSED_ABOVE, clock.now()
    return batch, application


def test_a_supplement_that_is_signed_when_the_year_is_over_is_audited_in_it_all_the_same(direct: Filing) -> None:
    _batch, application = refused_one(direct)
    case = supplement(direct, application.id)
    with pytest.raises(Invalid):
        supplement(direct, direct.rows()[1].application_id)
    twice = supplement(direct, application.id)
    with clock.frozen(after_the_year()):
        direct.do(case, "sign_supplement", "legal", "sign")
        with pytest.raises(Invalid):
            direct.do(twice, "sign_supplement", "legal", "sign")
        *_before, added = direct.rows()
        assert (added.batch.kind, added.application_id, added.status) == (
            BatchKind.SUPPLEMENT,
            application.id,
            RowStatus.PENDING,
        )
        assert added.batch.signed_by_id == direct.people["legal"]
        direct.pass_all("city")
        assert (direct.rows()[-1].filing_number, application.result) == (
            "YL-2026-00003",
            RankApplicationResult.EFFECTIVE,
        )
    assert [entry.person_id for entry in ranks(direct)].count(application.person_id) == 1
    assert len(sent(direct, "filing_settled")) == 1
    with pytest.raises(Invalid):
        supplement(direct, application.id)


def sum_up(world: Filing) -> None:
    case = world.run("district").instance_id
    world.do(case, "aggregate", "district_clerk", "submit")
    world.do(case, "sign_up", "district_leader", "agree")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_filing_that_its_school_ends_keeps_what_is_effective(direct: Filing) -> None:
    batch = direct.file()
    first, back, _open = direct.rows()
    direct.audit("city", "city_clerk", RowVerdict.ACCEPT, first)
    direct.audit("city", "city_clerk", RowVerdict.RETURN, back, reason="缺任职证明")
    direct.confirm("city")
    interventions.cancel(direct.school.session, direct.actor("admin"), batch.instance_id or 0, "学校并入育新学校")
    direct.settle()
    assert [row.status for row in direct.rows()] == [RowStatus.EFFECTIVE, RowStatus.REFUSED, RowStatus.REFUSED]
    results = [(one.key, one.payload["result"]) for one in sent(direct, "rank_settled")]
    assert results == [
        (str(row.application_id), "effective" if row.status == RowStatus.EFFECTIVE else "refused")
        for row in direct.rows()
    ]
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 1, "refused": 2}]
    told = Notification.person_id == direct.people["city_clerk"], Notification.text.contains("2 位已经撤回")
    assert len(direct.school.session.scalars(select(Notification).where(*told)).all()) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_list_that_is_withdrawn_before_its_case_has_begun_never_begins(direct: Filing) -> None:
    session = direct.school.session
    with writing(session):
        made = batches.open_batch(session, direct.review).id
    with writing(session):
        withdrawing.withdraw_review(session, direct.review)
    direct.settle()
    assert {row.status for row in direct.rows()} == {RowStatus.REFUSED}
    assert session.get_one(FilingBatch, made).instance_id is None
    with pytest.raises(Conflict), writing(session):
        batches.submit(session, made, 1, direct.place)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_other_case_takes_a_list_or_a_letter_over(direct: Filing) -> None:
    session, batch = direct.school.session, direct.file()
    case, other, places = batch.instance_id or 0, direct.run("city").instance_id, direct.school.organizations
    with writing(session):
        run = direct.run("city").id
        letter = FilingLetter(run_id=run, code="1", content_hash="0" * 64, sent=[])
        session.add(letter)
        session.flush()
        letters.begin(session, letter.id, case, places["city"])
    for taken, place, refusal in (
        (lambda where: batches.submit(session, batch.id, other, where), direct.place, Conflict),
        (lambda where: batches.submit(session, batch.id, other, where), places["sibling"], NotFound),
        (lambda where: letters.begin(session, letter.id, other, where), places["city"], Conflict),
        (lambda where: letters.begin(session, letter.id, other, where), places["district"], NotFound),
    ):
        with pytest.raises(refusal), writing(session):
            taken(place)
    assert [batch.instance_id, letter.instance_id] == [case, case]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_supplemented_while_the_head_has_the_sum_for_months_goes_up_with_a_second(school: School) -> None:
    world = filing(school)
    world.file()
    bad, *good = world.rows()
    world.audit("district", "district_clerk", RowVerdict.REFUSE, bad, reason="缺任职证明")
    world.audit("district", "district_clerk", RowVerdict.ACCEPT, *good)
    world.confirm("district")
    case = world.run("district").instance_id
    world.do(case, "aggregate", "district_clerk", "submit")
    with writing(school.session):
        application = school.session.get_one(RankApplication, bad.application_id)
        application.result, application.review.filed_at = RankApplicationResult.REFUSED_ABOVE, clock.now()
    world.do(supplement(world, application.id), "sign_supplement", "legal", "sign")
    with writing(school.session):
        school.session.execute(update(Message).where(Message.name == "rows_arrived").values(expires_at=clock.now()))
    world.do(case, "sign_up", "district_leader", "agree")
    added, first = world.rows()[-1], world.run("district").aggregated_at
    assert (added.level, added.batch.kind, world.waiting(case)) == (
        FilingLevel.DISTRICT,
        BatchKind.SUPPLEMENT,
        ["audit_rows"],
    )
    world.pass_all("district")
    with clock.frozen(NOON + DAY):
        sum_up(world)
    second = world.run("district").aggregated_at
    assert first is not None
    assert second is not None
    assert second > first
    assert [row.level for row in world.rows()[1:]] == [FilingLevel.CITY] * 3
    world.pass_all("city")
    assert [row.filing_number for row in world.rows()] == [None, *(f"YL-2026-0000{number}" for number in (1, 2, 3))]
    assert application.result == RankApplicationResult.EFFECTIVE


def test_a_rule_may_take_no_supplements(school: School) -> None:
    world = filing(school, is_direct=True, rank__supplements=False)
    _batch, application = refused_one(world)
    with pytest.raises(Conflict):
        supplement(world, application.id)


def test_the_operation_wants_two_people_whatever_the_diagram_did(direct: Filing) -> None:
    direct.file()
    run = direct.run("city")
    with writing(direct.school.session):
        for row in direct.school.session.scalars(select(FilingRow)):
            row.status, row.audited_by_id = RowStatus.PASSED, direct.people["city_clerk"]
            row.confirmed_by_id = direct.people["city_reviewer"]
    with writing(direct.school.session):
        assert effects.make_effective(direct.school.session, runs.locked(direct.school.session, run.id)) == 0
    assert {row.status for row in direct.rows()} == {RowStatus.PENDING}
    assert ranks(direct) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_that_cannot_be_effective_holds_up_no_other_and_is_audited_anew(direct: Filing) -> None:
    direct.file()
    run, session = direct.run("city"), direct.school.session
    direct.audit("city", "city_clerk", RowVerdict.ACCEPT, *direct.rows())
    with writing(session):
        session.get_one(FilingRow, direct.rows()[0].id).audit_sequence = None
    direct.confirm("city")
    assert [row.status for row in direct.rows()] == [RowStatus.PENDING, RowStatus.EFFECTIVE, RowStatus.EFFECTIVE]
    assert direct.waiting(run.instance_id) == ["audit_rows"]
    told = Notification.person_id == direct.people["city_reviewer"], Notification.text.contains("回到待审")
    assert session.scalars(select(Notification.link).where(*told)).all() == [f"/filings/{run.id}"]
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == setbacks.ACT)).all()
    assert [[row for row, _why in one.details["rows"]] for one in entries] == [[direct.rows()[0].id]]
    assert bulk_audits.found(session, run, Wanted()).count == 0
    (back,) = row_lists.rows(session, run, Wanted(difference=Difference.RETURNED)).items
    assert back.row.id == direct.rows()[0].id
    direct.pass_all("city")
    assert [row.filing_number for row in direct.rows()] == [f"YL-2026-0000{number}" for number in (3, 1, 2)]
    assert [one.payload for one in sent(direct, "filing_settled")] == [{"effective": 3, "refused": 0}]


def test_a_row_that_changed_is_not_audited_unseen(direct: Filing) -> None:
    direct.file()
    row = direct.rows()[0]
    seen = {row.id: row.revision}
    assert direct.audit("city", "city_clerk", RowVerdict.ACCEPT, row) == 1
    direct.school.session.expire_all()
    row.revision = seen[row.id]
    with pytest.raises(Conflict):
        direct.audit("city", "city_clerk", RowVerdict.REFUSE, row, reason="重复")
    with pytest.raises(Forbidden):
        direct.audit("city", "city_reviewer", RowVerdict.ACCEPT, direct.rows()[1])


def test_a_district_school_passes_through_its_district(school: School) -> None:
    world = filing(school)
    world.file()
    district, city = world.run("district"), world.run("city")
    assert {row.level for row in world.rows()} == {FilingLevel.DISTRICT}
    assert world.waiting(city.instance_id) == []
    world.pass_all("district")
    assert world.waiting(district.instance_id) == ["aggregate"]
    assert standing(world, district) == (Standing.PASSED, FilingLevel.DISTRICT)
    world.do(district.instance_id, "aggregate", "district_clerk", "submit")
    world.do(district.instance_id, "sign_up", "district_leader", "agree")
    assert {row.level for row in world.rows()} == {FilingLevel.CITY}
    assert standing(world, district) == (Standing.REPORTED, FilingLevel.CITY)


def test_on_paper_one_enters_the_reply_and_another_confirms_it(school: School) -> None:
    world = filing(school, filing__channel="paper")
    instance = world.file().instance_id or 0
    refused = world.rows()[0]
    world.do(instance, "attach_scan", "office", "submit", {"scan": world.upload("office")})
    offered = [offered_in(world, case) for case in (instance, world.run("city").instance_id)]
    assert offered == [[row.id for row in world.rows()], []]
    told = [{"row": refused.id, "outcome": "refuse", "reason": "年限不足"}]
    reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-11-27", "exceptions": told}
    to_come = {**reply, "replied_on": "2030-01-01", "reply": world.upload("office")}
    with pytest.raises(Invalid) as refusal:
        world.do(instance, "enter_reply", "office", "submit", to_come)
    assert refusal.value.errors.keys() == {"replied_on"}
    world.do(instance, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    world.do(instance, "confirm_reply", "legal", "accept")
    rows = world.rows()
    assert [row.status for row in rows] == [RowStatus.REFUSED, RowStatus.EFFECTIVE, RowStatus.EFFECTIVE]
    assert [row.filing_number for row in rows] == [None, "云教备〔2026〕12 号-1", "云教备〔2026〕12 号-2"]
    assert [entry.issuer for entry in ranks(world)] == ["临溪区教育局"] * 2
    assert world.case(instance).outcome == "filed"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_school_alone_on_the_platform_says_who_replied(school: School) -> None:
    world = filing(school, count=1)
    alone(world)
    admin, today = world.actor("admin"), clock.today()
    rules.change_rule(
        school.session, admin, world.place, "rank", "filing.channel", "paper", from_on=today, reason="市里不在平台上"
    )
    instance = world.file().instance_id or 0
    world.do(instance, "attach_scan", "office", "submit", {"scan": world.upload("office")})
    reply = {"number": "云教备〔2026〕12 号", "replied_on": "2026-11-27", "exceptions": []}
    with pytest.raises(Invalid) as refusal:
        world.do(instance, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    assert refusal.value.errors.keys() == {"issuer"}
    reply["issuer"] = "云澜市教育局"
    world.do(instance, "enter_reply", "office", "submit", {**reply, "reply": world.upload("office")})
    world.do(instance, "confirm_reply", "legal", "accept")
    assert [entry.issuer for entry in ranks(world)] == ["云澜市教育局"]


def test_the_bureau_sees_who_has_not_filed(school: School) -> None:
    world = filing(school)
    world.file()
    found = listing.schools_below(school.session, world.run("city"))
    assert [(one.name, one.standing) for one in found] == [
        ("松风路小学", Standing.SUBMITTED),
        ("育新学校", Standing.NOT_BEGUN),
    ]
    told = urging.urge(school.session, world.actor("city_clerk"), world.run("city").id)
    assert (told.schools, told.districts) == (1, 0)
    with pytest.raises(Conflict):
        urging.urge(school.session, world.actor("city_clerk"), world.run("city").id)
    with writing(school.session):
        school.session.scalars(select(Schedule)).one().stopped_at = clock.now()
    found = listing.schools_below(school.session, world.run("city"))
    assert [one.standing for one in found] == [Standing.SUBMITTED, Standing.NOT_ADOPTED]
    with clock.frozen(clock.now() + DAY):
        told = urging.urge(school.session, world.actor("city_clerk"), world.run("city").id)
    assert told.schools == 0
