"""The registers of what was verified in files: what each lists, as of a day, in whose scope, and which looks are noted."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.db.people import Position
from app.db.registers import DossierEntry, DossierLook
from app.domain import clock
from app.domain.dossiers import EntryKind, Level
from app.domain.entry_checks import Particulars
from app.domain.registers import REGISTERS
from app.domain.vocabulary import Role
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.dossiers.recording import Entry, record
from app.services.registers import entries
from app.services.registers.entries import EntryFilters
from app.services.transactions import writing
from tests.integration import register_world as files
from tests.integration.api import Served
from tests.integration.school import School
from tests.integration.test_registers_api import items
from tests.integration.test_statements import statements

TODAY = clock.today()
YEAR = TODAY.year
LAST = date(YEAR - 1, 5, 4)


@pytest.fixture
def staffed(served: Served) -> Served:
    """A school with its office, and the bureau's clerk above it."""
    school = served.school
    files.person(school, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    files.person(school, "committee", "卫衡", Role.DISCIPLINE_COMMITTEE)
    files.person(school, "other_office", "钟岩", Role.MORAL_EDUCATION_OFFICE, "sibling")
    files.person(school, "clerk", "温和", Role.BUREAU_CLERK, "district")
    return served


def looks(school: School) -> list[tuple[int, int, str]]:
    school.session.rollback()
    found = school.session.query(DossierLook).order_by(DossierLook.id)
    return [(look.person_id, look.seen_by_id, look.what) for look in found]


def test_an_honour_tells_all_of_itself(staffed: Served) -> None:
    school = staffed.school
    proof = school.upload("teacher")
    told = {
        "title": "优秀班主任",
        "category": "homeroom",
        "level": Level.CITY,
        "issuer": "云澜市教育局",
        "number": "优-7",
    }
    made = files.entry(school, "teacher", EntryKind.HONOUR, LAST, (proof,), **told)
    [row] = items(staffed, "office", "honours")
    place = {"id": school.organizations["school"], "name": "松风路小学"}
    assert row.pop("verified")["by"]["name"] == "韩雪"
    assert row == {
        "id": made,
        "kind": "honour",
        "person": {"id": school.people["teacher"], "name": "何静"},
        "organization": place,
        **told,
        "school": None,
        "class_name": "",
        "from": LAST.isoformat(),
        "until": None,
        "hours": None,
        "source": "founding",
        "instance": None,
        "evidence": [proof],
    }


def test_honours_are_narrowed(staffed: Served) -> None:
    school = staffed.school
    files.honour(school, "teacher", LAST)
    files.honour(school, "host", TODAY, "十佳班主任", level=Level.SCHOOL, category="other", issuer="松风路小学")
    files.entry(
        school,
        "host",
        EntryKind.CLASS_HONOUR,
        LAST,
        title="先进班集体",
        level=Level.DISTRICT,
        issuer="区教育局",
        class_name="三（2）班",
    )
    files.honour(school, "other_host", TODAY, "市外的荣誉")

    def titles(who: str = "office", **query: Any) -> list[str]:
        return [row["title"] for row in items(staffed, who, "honours", **query)]

    assert titles() == ["十佳班主任", "先进班集体", "优秀班主任"]
    assert titles("clerk") == ["市外的荣誉", "十佳班主任", "先进班集体", "优秀班主任"]
    assert titles("clerk", organization=school.organizations["sibling"]) == ["市外的荣誉"]
    assert titles(level="city") == ["优秀班主任"]
    assert titles(category="other") == ["十佳班主任"]
    assert titles(year=YEAR - 1) == ["先进班集体", "优秀班主任"]
    assert titles(as_of=LAST.isoformat()) == ["先进班集体", "优秀班主任"]
    assert titles(person=school.people["teacher"]) == ["优秀班主任"]
    assert titles(q="何静") == titles(q="云澜") == ["优秀班主任"]
    assert titles(q="100%") == []
    answers = {
        "organization": (school.organizations["city"], 404),
        "person": (school.people["other_host"], 404),
        "category": ("nothing", 422),
        "level": ("world", 422),
        "as_of": ("gestern", 422),
    }
    for name, (value, status) in answers.items():
        assert staffed.as_("office").get("/registers/honours", **{name: value}).status_code == status, name
    assert staffed.as_("office").get("/registers/nothing").status_code == 404


def test_ranks_and_service_as_of_a_day(staffed: Served) -> None:
    school = staffed.school
    files.rank(school, "host", date(YEAR - 3, 9, 1), "junior_2")
    files.rank(school, "host", date(YEAR - 1, 9, 1), "junior_1")
    files.service(school, "host", date(YEAR - 3, 9, 1), date(YEAR - 1, 7, 15), "一（1）班")
    files.service(school, "host", date(YEAR - 1, 9, 1))
    assert [row["category"] for row in items(staffed, "office", "ranks")] == ["junior_1", "junior_2"]
    for day, held, led in (
        (TODAY, ["junior_1"], ["三（2）班"]),
        (date(YEAR - 2, 1, 1), ["junior_2"], ["一（1）班"]),
        (date(YEAR - 1, 8, 1), ["junior_2"], []),
        (date(YEAR - 4, 1, 1), [], []),
    ):
        asked = {"as_of": day.isoformat()}
        assert [row["category"] for row in items(staffed, "office", "ranks", **asked)] == held
        assert [row["class_name"] for row in items(staffed, "office", "service", **asked)] == led
    assert len(items(staffed, "office", "service", year=YEAR - 1)) == 2
    assert [row["class_name"] for row in items(staffed, "office", "service", year=YEAR)] == ["三（2）班"]


def test_what_was_corrected_or_struck_out_is_listed_no_more(staffed: Served) -> None:
    school = staffed.school
    wrong = files.honour(school, "teacher", LAST, "优秀斑主任")
    struck = files.honour(school, "teacher", LAST, "不是他的")
    for corrected, title, is_void in ((wrong, "优秀班主任", False), (struck, "不是他的", True)):
        old = school.session.get_one(DossierEntry, corrected)
        told = Particulars(EntryKind.HONOUR, LAST, title, "homeroom", Level.CITY, "云澜市教育局")
        with writing(school.session) as session:
            ids = old.person_id, old.organization_id
            by = school.people["admin"]
            record(session, Entry(*ids, told, old.source, by, by, corrects_id=corrected, is_void=is_void))
    assert [row["title"] for row in items(staffed, "office", "honours")] == ["优秀班主任"]


def test_sanctions_only_where_the_task_needs_them_and_every_look_is_noted(staffed: Served) -> None:
    school = staffed.school
    files.sanction(school, "teacher", LAST, LAST + timedelta(days=180))
    files.sanction(school, "member", TODAY)
    people = school.people
    assert [row["person"]["name"] for row in items(staffed, "teacher", "sanctions")] == ["何静"]
    for who in ("host", "legal", "deputy", "admin", "finance", "other_office", "clerk", "district_admin"):
        assert items(staffed, who, "sanctions") == [], who
        assert staffed.as_(who).get("/registers/sanctions", person=people["teacher"]).get_json().get("items", []) == []
    before = len(looks(school))
    for who in ("office", "committee"):
        assert len(items(staffed, who, "sanctions")) == 2
        assert [row["person"]["name"] for row in items(staffed, who, "sanctions", as_of=TODAY.isoformat())] == [
            "李若涵"
        ]
    noted = looks(school)[before:]
    both = [(people[name], people["office"], "register") for name in ("member", "teacher")]
    assert noted[:3] == [*both, both[0]]
    assert len(noted) == 6


def test_a_list_of_many_is_no_look_but_one_of_a_single_person_is(staffed: Served) -> None:
    school = staffed.school
    for who in ("teacher", "host"):
        files.honour(school, who, LAST)
    items(staffed, "office", "honours")
    items(staffed, "teacher", "honours")
    assert looks(school) == []
    items(staffed, "office", "honours", person=school.people["host"])
    items(staffed, "office", "honours", q="何静")
    seen = school.people["office"]
    assert looks(school) == [(school.people[who], seen, "register") for who in ("host", "teacher")]


def test_pages_follow_each_other(staffed: Served) -> None:
    school = staffed.school
    for number in range(5):
        files.honour(school, "teacher" if number % 2 else "host", LAST, f"荣誉{number}")
    whole = [row["id"] for row in items(staffed, "office", "honours")]
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) <= len(whole):
        page = staffed.as_("office").get("/registers/honours", limit=2, cursor=cursor).get_json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert seen == whole
    assert len(seen) == 5


@pytest.mark.parametrize("register", ["honours", "ranks", "sanctions"])
def test_a_list_costs_the_same_however_long_it_is(world: School, register: str) -> None:
    files.person(world, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    office, found, proof = world.actor("office"), REGISTERS[register], world.upload("teacher")
    costs = []
    for number in (3, 20):
        for place in range(number):
            told = {"title": f"第{place}项", "category": next(iter(found.categories), None), "hours": 8}
            files.entry(world, ("teacher", "host")[place % 2], found.kinds[0], LAST, (proof,), **told)
        with statements(world.session) as seen:
            rows = entries.entries(world.session, office, found, EntryFilters(), limit=100).items
            assert all(row.entry.person.name and row.entry.verified_by.name and row.evidence for row in rows)
        costs.append((len(rows), len(seen)))
    (few, cost_of_few), (many, cost_of_many) = costs
    assert (few, many) == (3, 23)
    # Deputies, places, entries, workplaces, evidence; a look is noted in as many for one person or all.
    assert cost_of_many == cost_of_few <= (11 if found.is_confidential else 5)


def test_who_stands_in_for_somebody_reads_as_before(staffed: Served) -> None:
    school, now = staffed.school, clock.now()
    files.honour(school, "teacher", LAST)
    people = school.people
    away = AbsenceDraft(people["deputy"], people["office"], now - timedelta(hours=1), now + timedelta(days=1))
    with clock.frozen(now - timedelta(hours=2)):
        absences.set_absence(school.session, school.actor("deputy"), school.organizations["school"], away)
    assert school.actor("office").stand_ins
    for register in ("honours", "sanctions"):
        assert len(items(staffed, "office", register)) == (register == "honours")


def test_a_studio_s_member_from_elsewhere_stands_in_the_lists_of_the_own_school(staffed: Served) -> None:
    school = staffed.school
    guest = files.person(school, "guest", "程朗", Role.TEACHER, "sibling")
    with writing(school.session) as session:
        kept = {"organization_id": school.organizations["school"], "studio_id": school.studio, "from_on": TODAY}
        session.add(Position(person_id=guest, role=Role.STUDIO_MEMBER, **kept))
    files.honour(school, "guest", LAST)
    assert items(staffed, "office", "honours") == []
    assert [row["organization"]["name"] for row in items(staffed, "other_office", "honours")] == ["育新学校"]
    place = school.organizations["school"]
    assert items(staffed, "clerk", "honours", organization=place) == []
