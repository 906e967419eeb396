"""people.xlsx: the template, faults at their cells, all or nothing, and hostile files."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from app.db.people import Person
from app.domain.errors import Forbidden, Invalid, NotFound, TooLarge
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts.imports import Imported, import_from_console, import_people
from app.services.accounts.people_sheets import HEADS, template
from app.services.accounts.sign_in import sign_in
from app.services.workbooks import MAX_BYTES, MAX_ROWS
from tests.integration.conftest import Site
from tests.integration.school import School

ROWS = (
    ("张晓明", 13800000001, "2019021", "班主任", "2026-09-01", None),
    ("张晓明", "13800000001", "2019021", "年级部主任", None, "2027年8月31日"),
    ("李若", "13800000002", None, "教师", None, None),
)


def workbook(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> BytesIO:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (heads, *rows):
        sheet.append(list(row))
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def run(world: School, rows: Sequence[Sequence[Any]], name: str = "admin") -> Imported:
    return import_people(world.session, world.actor(name), world.organizations["school"], workbook(rows))


def count(world: School) -> int:
    return world.session.scalar(select(func.count()).select_from(Person)) or 0


def test_several_rows_are_one_person_with_several_positions(world: School) -> None:
    done = run(world, ROWS)
    assert (done.people, done.positions, done.unchanged) == (2, 3, 0)
    given = {credential.username: credential for credential in done.credentials}
    password = given["13800000001"].password
    assert password is not None
    actor = sign_in(world.session, "13800000001", password, "192.0.2.1").actor
    assert actor.must_change_password
    assert {held.role for held in actor.holdings} == {Role.HOMEROOM_TEACHER, Role.YEAR_GROUP_HEAD}


def test_importing_again_changes_only_what_is_new(world: School) -> None:
    run(world, ROWS)
    more = (*ROWS, ("李若", "13800000002", None, "班主任助理", None, None))
    done = run(world, more)
    assert (done.credentials, done.positions, done.unchanged) == ([], 1, 3)


def test_every_fault_is_named_with_its_cell_and_nothing_is_kept(world: School) -> None:
    before = count(world)
    rows = (
        ("张晓明", "13800000001", None, "班主任", "2026-09-01", "2026-08-01"),
        ("", "中文", None, "园丁", "昨天", None),
        ("王五", "13800000001", None, "教师", None, None),
        ("赵六", "=1+1", None, "", None, None),
        ("陈国强", "legal", None, "教师", None, None),
    )
    with pytest.raises(Invalid) as refused:
        run(world, rows)
    assert set(refused.value.errors) == {"F2", "A3", "B3", "D3", "E3", "B5", "D5"}
    with pytest.raises(Invalid) as known:
        run(world, rows[4:])
    assert set(known.value.errors) == {"B2"}
    assert count(world) == before


def test_rows_of_one_username_must_agree(world: School) -> None:
    rows = (ROWS[0], ("王五", "13800000001", None, "教师", None, None), ROWS[2], ROWS[2])
    with pytest.raises(Invalid) as refused:
        run(world, rows)
    assert set(refused.value.errors) == {"B3", "D5"}


def test_nobody_imports_themselves_or_into_another_school(world: School) -> None:
    with pytest.raises(Invalid) as refused:
        run(world, [("韩雪", "admin", None, "校长", None, None)])
    assert set(refused.value.errors) == {"B2"}
    with pytest.raises(NotFound):
        run(world, ROWS, "other_admin")
    for name in ("teacher", "district_admin"):
        with pytest.raises(Forbidden):
            run(world, ROWS, name)


def test_a_school_has_no_bureau_s_titles(world: School) -> None:
    with pytest.raises(Invalid) as refused:
        run(world, [("王五", "13800000009", None, "局领导", None, None)])
    assert set(refused.value.errors) == {"D2"}


def test_the_console_imports_by_code(world: School) -> None:
    done = import_from_console(world.session, "sf01", workbook(ROWS))
    assert done.people == 2
    with pytest.raises(Invalid):
        import_from_console(world.session, "nowhere", workbook(ROWS))


def test_the_template_is_accepted_and_its_example_left_out(world: School) -> None:
    book = load_workbook(BytesIO(template(OrganizationKind.SCHOOL)))
    assert [sheet.title for sheet in book.worksheets] == ["人员", "职务名称"]
    titles = {cell.value for cell in book.worksheets[1]["A"]}
    assert "法定代表人" in titles
    assert not titles & {"局领导", "工作室主持人"}
    sheet = book.worksheets[0]
    sheet.append(["张三", "13800000003", "", "教师", "", ""])
    stream = BytesIO()
    book.save(stream)
    school = world.organizations["school"]
    assert import_people(world.session, world.actor("admin"), school, stream).people == 1


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_kindly(world: School, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        import_people(world.session, world.actor("admin"), world.organizations["school"], BytesIO(content))
    assert list(refused.value.errors) == ["file"]


def test_wrong_heads_and_empty_sheets_are_refused(world: School) -> None:
    school, admin = world.organizations["school"], world.actor("admin")
    for stream in (workbook(ROWS, ("姓名", "手机")), workbook([])):
        with pytest.raises(Invalid) as refused:
            import_people(world.session, admin, school, stream)
        assert list(refused.value.errors) == ["file"]


def bomb() -> BytesIO:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    return stream


def crowd() -> BytesIO:
    return workbook([("张", f"1380000{number:05}", None, "教师", None, None) for number in range(MAX_ROWS + 1)])


@pytest.mark.parametrize("make", [bomb, crowd, lambda: BytesIO(b"0" * (MAX_BYTES + 1))])
def test_too_much_is_refused(world: School, make: Any) -> None:
    with pytest.raises(TooLarge):
        import_people(world.session, world.actor("admin"), world.organizations["school"], make())


def test_entities_are_refused(world: School) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(workbook(ROWS)) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            target.writestr(part, content)
    with pytest.raises(Invalid):
        import_people(world.session, world.actor("admin"), world.organizations["school"], stream)


def test_the_page_imports_and_shows_the_passwords_once(site: Site) -> None:
    browser = site.browser("admin")
    assert (browser.get("/people/import/template.xlsx").mimetype or "").endswith("spreadsheetml.sheet")
    browser.get("/people/import")
    wrong = browser.post("/people/import", {"file": (workbook([("", "!", "", "", "", "")]), "people.xlsx")})
    assert wrong.status_code == 422
    assert "<b>A2</b>" in wrong.text
    browser.get("/people/import")
    assert "打不开" in browser.post("/people/import").text
    done = browser.post("/people/import", {"file": (workbook(ROWS), "people.xlsx")})
    assert done.text.count("<code>") == 2
