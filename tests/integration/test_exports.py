"""Registers as Excel files: what one may see, without formulas, noted as looks, ready to be imported again."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import event, select

from app.db.people import Person, Position
from app.db.registers import DossierLook, StudioGrade
from app.domain.registers import REGISTERS
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.domain.vocabulary import Role
from app.services.registers.entries import EntryFilters
from app.services.registers.sheets import imports
from app.services.registers.sheets.exports import export_entries
from app.services.transactions import writing
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.school import School
from tests.integration.sheet_world import OFFICE, SERVICE, book, cells, hand_in, with_office
from tests.integration.test_sheet_pages import with_password

S = SheetKind.SERVICE
ROWS = (SERVICE, SERVICE | {"姓名": "李若涵", "班级": "=1+1班", "任职止": "2024-08-31"})


def brought(world: School, *rows: Any) -> None:
    """Bring rows in; a text that looks like a formula comes by way of a correction of its sign."""
    plain = [row | {"班级": row["班级"].removeprefix("=")} for row in rows]
    one = hand_in(world, S, book(S, plain))
    assert one.status == ImportStatus.READY, cells(one)
    imports.confirm(world.session, world.actor(OFFICE), one.id)


def table(content: bytes) -> Iterator[dict[str, Any]]:
    """Return the rows of the first sheet by head."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    heads, *rows = sheet.iter_rows(values_only=True)
    return (dict(zip(map(str, heads), row, strict=True)) for row in rows)


def exported(world: School, name: str, register: str = "service", **filters: Any) -> list[dict[str, Any]]:
    stream = BytesIO()
    export_entries(world.session, world.actor(name), REGISTERS[register], EntryFilters(**filters), stream)
    return list(table(stream.getvalue()))


def test_an_export_holds_what_one_may_see_and_is_a_look_at_everybody_in_it(world: School) -> None:
    with_office(world)
    brought(world, *ROWS)
    rows = exported(world, OFFICE)
    assert [(row["姓名"], row["用户名（手机号）"], row["任职止"]) for row in rows] == [
        ("李若涵", "member", "2024-08-31"),
        ("何静", "teacher", None),
    ]
    assert rows[0]["核实人"] == "许岚"
    looked = world.session.scalars(select(DossierLook.person_id).where(DossierLook.what == "export")).all()
    assert set(looked) == {world.people["teacher"], world.people["member"]}
    # Their own, and without a note; the numbers of others are the office's.
    assert [row["姓名"] for row in exported(world, "teacher")] == ["何静"]
    assert {row["用户名（手机号）"] for row in exported(world, "legal")} == {None}
    assert exported(world, "finance") == []
    assert [row["姓名"] for row in exported(world, OFFICE, person_id=world.people["member"])] == ["李若涵"]


def test_what_was_exported_can_be_imported_again(world: School) -> None:
    with_office(world)
    brought(world, *ROWS)
    stream = BytesIO()
    export_entries(world.session, world.actor(OFFICE), REGISTERS["service"], EntryFilters(), stream)
    one = hand_in(world, S, stream)
    assert (one.status, one.added, one.unchanged) == (ImportStatus.READY, 0, 2), cells(one)


def test_no_text_is_a_formula(served: Served) -> None:
    world = served.school
    with_password(world)
    with writing(world.session) as session:
        session.get_one(Person, world.people["teacher"]).name = "=HYPERLINK(1)"
        session.add(
            StudioGrade(
                studio_id=world.studio,
                period="@SUM",
                grade="good",
                graded_on=date(2025, 7, 1),
                entered_by_id=world.people["host"],
                issuer="",
            )
        )
    office = served.as_(OFFICE)
    posts = list(table(office.get("/registers/appointments.xlsx").data))
    assert "'=HYPERLINK(1)" in {row["姓名"] for row in posts}
    assert {row["工作室"] for row in table(office.get("/registers/studios.xlsx").data)} >= {"周敏名班主任工作室"}
    grades = list(table(served.as_("host").get("/registers/evaluations.xlsx").data))
    assert [(row["时段"], row["等级"]) for row in grades] == [("'@SUM", "良好")]
    assert office.get("/registers/nothing.xlsx").status_code == 404


def test_a_large_register_costs_few_statements(world: School) -> None:
    office = with_office(world)
    with writing(world.session) as session:
        people = [Person(username=f"t{number}", name=f"教师{number}", password_hash="-") for number in range(30)]
        session.add_all(people)
        session.flush()
        session.add_all(
            Position(
                person_id=person.id,
                organization_id=world.organizations["school"],
                role=Role.TEACHER,
                from_on=date(2020, 9, 1),
            )
            for person in people
        )
    brought(world, *(SERVICE | {"姓名": person.name, "班级": f"{n}班"} for n in range(20) for person in people))
    seen: list[str] = []
    engine = world.session.get_bind()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.startswith("SELECT"):
            seen.append(text)

    event.listen(engine, "before_cursor_execute", note)
    stream = BytesIO()
    export_entries(world.session, office, REGISTERS["service"], EntryFilters(), stream)
    event.remove(engine, "before_cursor_execute", note)
    assert len(list(table(stream.getvalue()))) == 600
    assert len(seen) <= 16, seen


def test_the_pages_hand_out_what_they_show(site: Site) -> None:
    assert site.world is not None
    with_password(site.world)
    brought(site.world, *ROWS)
    browser = site.browser(OFFICE)
    assert "/registers/service.xlsx?" in browser.get("/registers/service").text
    answer = browser.get("/registers/service.xlsx?as_of=2024-10-01")
    assert answer.status_code == 200
    assert browser.get("/studio-register/studios.xlsx").status_code == 200
    assert site.browser("finance").get("/registers/service.xlsx").status_code == 403
