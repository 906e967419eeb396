"""The small world with an office that imports, and workbooks as an office fills them in."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from app.db.people import Person, Position
from app.db.sheet_imports import SheetImport
from app.domain import clock
from app.domain.identity import Actor
from app.domain.sheets import SHEETS, SheetKind
from app.domain.vocabulary import Role
from app.services.accounts.actors import load_actor
from app.services.registers.sheets import imports
from app.services.transactions import writing
from tests.integration.school import School

OFFICE, TWIN = "office", "twin"
# Heads and a row that is right, by kind.
SERVICE = {"姓名": "何静", "班级": "2023级3班", "身份": "班主任", "任职起": "2023-09-01"}
HONOUR = {
    "姓名": "何静",
    "对象": "个人",
    "荣誉名称": "优秀班主任",
    "种类": "班主任工作",
    "级别": "市级",
    "授予单位": "云澜市教育局",
    "日期": "2024-09-10",
}
RANK = {"姓名": "何静", "职级": "初级一档", "生效日期": "2024-10-15"}
STUDIO = {"工作室": "何静工作室", "级别": "校级", "工作周期起": "2024-09-01", "工作周期止": "2027-08-31"}
POST = {"工作室": "何静工作室", "姓名": "何静", "身份": "主持人"}
GRADE = {"工作室": "何静工作室", "时段": "2024—2025 学年", "等级": "优秀", "评定日期": "2025-07-05"}
RIGHT = {SheetKind.SERVICE: SERVICE, SheetKind.HONOURS: HONOUR, SheetKind.RANKS: RANK}
Row = Mapping[str, Any]


def with_office(world: School) -> Actor:
    """Give the school an office, and a teacher who is called as another is."""
    with writing(world.session) as session:
        for username, name, role in ((OFFICE, "许岚", Role.MORAL_EDUCATION_OFFICE), (TWIN, "周敏", Role.TEACHER)):
            person = Person(username=username, name=name, password_hash="-")
            session.add(person)
            session.flush()
            world.people[username] = person.id
            held = Position(
                person_id=person.id,
                organization_id=world.organizations["school"],
                role=role,
                from_on=date(2020, 9, 1),
            )
            session.add(held)
    return load_actor(world.session, world.people[OFFICE])


def book(kind: SheetKind, *sheets: Sequence[Row]) -> BytesIO:
    """Return a workbook with rows by head, in the order of the template."""
    workbook = Workbook()
    assert workbook.active is not None
    workbook.remove(workbook.active)
    for sheet, rows in zip(SHEETS[kind], sheets, strict=False):
        made = workbook.create_sheet(sheet.title)
        heads = [column.head for column in sheet.columns]
        made.append(heads)
        for row in rows:
            assert set(row) <= set(heads), row
            made.append([row.get(head) for head in heads])
    return saved(workbook)


def plain(*rows: Sequence[Any]) -> BytesIO:
    """Return a workbook of one sheet with these very rows."""
    workbook = Workbook()
    assert workbook.active is not None
    for row in rows:
        workbook.active.append(list(row))
    return saved(workbook)


def saved(workbook: Workbook) -> BytesIO:
    stream = BytesIO()
    workbook.save(stream)
    stream.seek(0)
    return stream


def hand_in(world: School, kind: SheetKind, stream: BytesIO, name: str = OFFICE) -> SheetImport:
    return imports.hand_in(
        world.session, world.actor(name), world.organizations["school"], kind, f"{kind}.xlsx", stream
    )


def cells(one: SheetImport) -> dict[str, str]:
    """Return the mistakes of an import by cell."""
    return {mistake["cell"]: mistake["text"] for mistake in one.mistakes}


def days_ahead(days: int) -> str:
    return date.fromordinal(clock.today().toordinal() + days).isoformat()
