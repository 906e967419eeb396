"""Imports of sheets: what is shown before, what is written, what is left alone, and who may."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.db.journal import JournalEntry
from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.db.registers import DossierEntry, StudioBalance, StudioGrade
from app.db.sheet_imports import SheetImport
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource
from app.domain.entry_checks import Particulars
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SHEETS, SheetKind
from app.services import journal
from app.services.dossiers import recording
from app.services.registers.sheets import imports, keepers, runs
from app.services.registers.sheets.templates import template
from app.services.transactions import writing
from app.services.workbooks import MAX_BYTES
from tests.integration.school import School, make_guest
from tests.integration.sheet_world import (
    GRADE,
    HONOUR,
    OFFICE,
    POST,
    RANK,
    SERVICE,
    STUDIO,
    book,
    cells,
    hand_in,
    saved,
    with_office,
)
from tests.integration.test_statements import statements

S, H, R, T = SheetKind.SERVICE, SheetKind.HONOURS, SheetKind.RANKS, SheetKind.STUDIOS


def entries(world: School) -> list[DossierEntry]:
    world.session.expire_all()
    return list(world.session.scalars(select(DossierEntry).order_by(DossierEntry.id)))


def brought(world: School, kind: SheetKind, stream: BytesIO) -> SheetImport:
    one = hand_in(world, kind, stream)
    assert one.status == ImportStatus.READY, cells(one)
    return imports.confirm(world.session, world.actor(OFFICE), one.id)


def test_a_sheet_is_shown_before_it_is_written_and_counts_as_verified(world: School) -> None:
    office = with_office(world)
    twin = SERVICE | {"姓名": "周敏", "用户名（手机号）": "host", "任职止": "2024年8月31日"}
    one = hand_in(world, S, book(S, [SERVICE, twin]))
    assert (one.status, one.total, one.added, one.corrected, one.unchanged) == (ImportStatus.READY, 2, 2, 0, 0)
    assert one.changes[0]["values"] == SERVICE
    assert entries(world) == []
    done = imports.confirm(world.session, office, one.id)
    assert (done.status, done.handled, done.content) == (ImportStatus.DONE, 2, None)
    first, second = entries(world)
    assert (first.class_name, first.from_on, first.until_on) == ("2023级3班", date(2023, 9, 1), None)
    assert (first.issuer, first.school_id) == ("松风路小学", world.organizations["school"])
    assert (first.source, first.verified_by_id, first.entered_by_id) == ("import", office.person_id, office.person_id)
    assert (second.person_id, second.until_on) == (world.people["host"], date(2024, 8, 31))
    acts = world.session.scalars(select(JournalEntry).where(JournalEntry.action == "import_sheet")).all()
    assert [(act.actor_id, act.details["added"]) for act in acts] == [(office.person_id, 2)]
    assert list(journal.verify(world.session)) == []


def test_handing_in_again_changes_nothing_and_a_difference_corrects(world: School) -> None:
    with_office(world)
    brought(world, S, book(S, [SERVICE]))
    again = brought(world, S, book(S, [SERVICE]))
    assert (again.added, again.corrected, again.unchanged) == (0, 0, 1)
    assert len(entries(world)) == 1
    ended = hand_in(world, S, book(S, [SERVICE | {"任职止": "2025-07-31"}]))
    assert [(change["change"], change["before"]) for change in ended.changes] == [("corrected", {"任职止": ""})]
    imports.confirm(world.session, world.actor(OFFICE), ended.id)
    old, new = entries(world)
    assert old.replaced_at is not None
    assert (new.corrects_id, new.until_on) == (old.id, date(2025, 7, 31))


def test_what_already_stands_in_the_own_file_may_stay_in_an_exported_sheet(world: School) -> None:
    office, own = with_office(world), SERVICE | {"姓名": "许岚"}
    brought(world, S, book(S, [SERVICE]))
    (other,) = entries(world)
    particulars = Particulars(
        kind=EntryKind.SERVICE,
        category=other.category,
        issuer=other.issuer,
        class_name=other.class_name,
        from_on=other.from_on,
    )
    school, host = world.organizations["school"], world.people["host"]
    with writing(world.session) as session:
        recording.record(
            session, recording.Entry(office.person_id, school, particulars, EntrySource.IMPORT, host, host)
        )
    again = hand_in(world, S, book(S, [SERVICE, own]))
    assert (again.status, again.unchanged) == (ImportStatus.READY, 2)
    assert list(cells(hand_in(world, S, book(S, [own | {"任职止": "2025-07-31"}])))) == ["A2"]


def test_honours_of_person_and_class_and_ranks(world: School) -> None:
    with_office(world)
    of_class = HONOUR | {"对象": "班集体", "种类": "", "班级": "2023级3班", "荣誉名称": "先进班集体"}
    brought(world, H, book(H, [HONOUR, of_class]))
    brought(world, R, book(R, [RANK]))
    assert [(one.kind, one.category, one.level, one.class_name) for one in entries(world)] == [
        ("honour", "homeroom", "city", ""),
        ("class_honour", None, "city", "2023级3班"),
        ("rank", "junior_1", None, ""),
    ]


def test_another_school_s_entry_is_not_corrected_by_an_import(world: School) -> None:
    with_office(world)
    brought(world, R, book(R, [RANK]))
    entry = entries(world)[0]
    with writing(world.session):
        world.session.get_one(DossierEntry, entry.id).organization_id = world.organizations["sibling"]
    assert hand_in(world, R, book(R, [RANK])).status == ImportStatus.READY
    other = hand_in(world, R, book(R, [RANK | {"生效日期": "2023-10-15"}]))
    assert "别的学校核实过" in cells(other)["A2"]


def test_the_file_of_a_studio_s_guest_is_kept_by_the_own_school_only(world: School) -> None:
    with_office(world)
    make_guest(world, "other_host")
    one = hand_in(
        world, R, book(R, [RANK | {"姓名": "罗佳"}, RANK | {"姓名": "罗佳", "用户名（手机号）": "other_host"}])
    )
    assert list(cells(one)) == ["A2", "B3"]


def test_studios_come_with_people_term_balance_and_grades(world: School) -> None:
    with_office(world)
    studio = STUDIO | {"余额（元）": "12,345.60", "余额日期": "2026-08-31"}
    mates = [POST | {"姓名": name, "身份": "成员"} for name in ("李若涵", "刘芸", "许文彬")]
    outside = POST | {"姓名": "罗佳", "用户名（手机号）": "other_host", "身份": "导师"}
    brought(world, T, book(T, [studio], [POST, *mates, outside], [GRADE]))
    made = world.session.scalars(select(Studio).where(Studio.name == "何静工作室")).one()
    posts = world.session.scalars(select(Position).where(Position.studio_id == made.id)).all()
    assert {(post.person_id, post.role) for post in posts} >= {
        (world.people["teacher"], "studio_host"),
        (world.people["other_host"], "studio_mentor"),
    }
    assert {post.until_on for post in posts} == {date(2027, 8, 31)}
    balance = world.session.scalars(select(StudioBalance)).one()
    grade = world.session.scalars(select(StudioGrade)).one()
    assert (balance.amount, grade.grade) == (1_234_560, "excellent")
    again = brought(world, T, book(T, [studio], [POST, *mates, outside], [GRADE, GRADE | {"时段": "2023—2024 学年"}]))
    assert (again.added, again.unchanged) == (1, 7)
    assert len(world.session.scalars(select(StudioGrade)).all()) == 2
    assert len(world.session.scalars(select(Studio).where(Studio.name == "何静工作室")).all()) == 1


def test_a_studio_in_the_register_keeps_its_people_term_and_grades(world: School) -> None:
    with_office(world)
    brought(world, T, book(T, [STUDIO], [POST], [GRADE]))
    changed = STUDIO | {"级别": "市级", "工作周期止": "2028-08-31"}
    other = [POST | {"姓名": "刘芸"}]
    one = hand_in(world, T, book(T, [changed], other, [GRADE | {"等级": "良好"}]))
    assert list(cells(one)) == ["工作室!B2", "工作室!D2", "人员!B2", "历次等级!C2"]


def test_a_studio_that_is_over_opens_no_account(world: School) -> None:
    with_office(world)
    with writing(world.session):
        world.session.get_one(Person, world.people["teacher"]).is_active = False
    over = STUDIO | {"工作周期起": "2020-09-01", "工作周期止": "2022-08-31"}
    brought(world, T, book(T, [over], [POST]))
    assert not world.session.get_one(Person, world.people["teacher"]).is_active
    running = hand_in(world, T, book(T, [STUDIO | {"工作室": "二号"}], [POST | {"工作室": "二号"}]))
    assert "已离开" in cells(running)["人员!B2"]


def test_only_who_keeps_the_registers_of_the_school_imports(world: School) -> None:
    with_office(world)
    school = world.organizations["school"]
    for name in ("teacher", "legal", "finance", "city_admin", "district_admin"):
        with pytest.raises(Forbidden):
            imports.hand_in(world.session, world.actor(name), school, S, "x.xlsx", book(S, [SERVICE]))
    with pytest.raises(NotFound):
        imports.hand_in(world.session, world.actor("other_admin"), school, S, "x.xlsx", book(S, [SERVICE]))
    with pytest.raises(Forbidden):
        hand_in(world, S, book(S, [SERVICE]), "admin")
    assert hand_in(world, T, book(T, [STUDIO], [POST]), "admin").status == ImportStatus.READY
    with pytest.raises(NotFound):
        imports.get_import(world.session, world.actor("admin"), hand_in(world, S, book(S, [SERVICE])).id)


def test_who_handed_it_in_confirms_it_once(world: School) -> None:
    office = with_office(world)
    with writing(world.session) as session:
        held = session.scalars(select(Position).where(Position.person_id == office.person_id)).one()
        session.add(
            Position(
                person_id=world.people["deputy"],
                organization_id=held.organization_id,
                role=held.role,
                from_on=held.from_on,
            )
        )
    one = hand_in(world, S, book(S, [SERVICE]))
    assert imports.get_import(world.session, world.actor("deputy"), one.id).id == one.id
    with pytest.raises(Forbidden):
        imports.confirm(world.session, world.actor("deputy"), one.id)
    imports.confirm(world.session, office, one.id)
    with pytest.raises(Conflict):
        imports.confirm(world.session, office, one.id)
    with pytest.raises(Conflict):
        imports.drop(world.session, office, one.id)
    assert len(entries(world)) == 1


def test_what_changed_since_it_was_shown_is_shown_anew(world: School) -> None:
    office = with_office(world)
    first, second = hand_in(world, S, book(S, [SERVICE])), hand_in(world, S, book(S, [SERVICE]))
    imports.confirm(world.session, office, first.id)
    shown = imports.confirm(world.session, office, second.id)
    assert (shown.status, shown.added, shown.unchanged) == (ImportStatus.READY, 0, 1)
    assert imports.confirm(world.session, office, second.id).status == ImportStatus.DONE
    assert len(entries(world)) == 1


def test_whoever_lost_the_post_writes_nothing_any_more(world: School) -> None:
    office = with_office(world)
    one = hand_in(world, S, book(S, [SERVICE]))
    with writing(world.session) as session:
        session.get_one(SheetImport, one.id).status = ImportStatus.WRITING
        held = session.scalars(select(Position).where(Position.person_id == office.person_id)).one()
        held.until_on = clock.today() - timedelta(days=1)
    runs.run(world.session, one.id)
    world.session.expire_all()
    assert one.status == ImportStatus.REFUSED
    assert entries(world) == []


def test_templates_are_accepted_and_their_examples_left_out(world: School) -> None:
    with_office(world)
    for kind in SheetKind:
        filled = load_workbook(BytesIO(template(kind)))
        assert [sheet.title for sheet in filled.worksheets] == [*(sheet.title for sheet in SHEETS[kind]), "填写说明"]
        assert cells(hand_in(world, kind, saved(filled))) == {"file": "表里没有内容。请从第 2 行起填写。"}


def test_columns_may_stand_in_any_order_with_notes_beside_them(world: School) -> None:
    with_office(world)
    made = load_workbook(BytesIO(template(R)))
    sheet = made.worksheets[0]
    sheet.delete_rows(1, 2)
    sheet.append(["备注", "生效日期", "职级*", " 姓名"])
    sheet.append(["已核对", date(2024, 10, 15), "初级一档", "何静"])
    one = hand_in(world, R, saved(made))
    assert one.status == ImportStatus.READY, cells(one)


def test_what_is_no_workbook_or_too_large_is_not_taken(world: School) -> None:
    with_office(world)
    with pytest.raises(Invalid):
        hand_in(world, S, BytesIO(b"not a workbook"))
    with pytest.raises(TooLarge):
        hand_in(world, S, BytesIO(b"0" * (MAX_BYTES + 1)))
    assert world.session.scalars(select(SheetImport)).all() == []


def test_the_schools_of_whoever_may_import(world: School) -> None:
    office = with_office(world)
    assert [one.code for one in keepers.schools_for(world.session, office)] == ["SF01"]
    assert [one.code for one in keepers.schools_for(world.session, world.actor("district_admin"))] == ["SF01", "YX01"]
    with pytest.raises(Forbidden):
        keepers.school_for(world.session, world.actor("teacher"), None)


def test_the_list_of_imports_costs_as_much_for_many(world: School) -> None:
    office = with_office(world)
    costs: list[int] = []
    names: list[str] = []
    for _ in range(2):
        hand_in(world, S, book(S, [SERVICE]))
        with statements(world.session) as seen:
            organization = world.session.get_one(Organization, world.organizations["school"])
            names = [one.created_by.name for one in imports.imports_of(world.session, office, organization)]
        costs.append(len(seen))
    assert names == ["许岚", "许岚"]
    assert costs[0] == costs[1]


def test_a_row_that_stands_as_it_is_corrects_nothing(world: School) -> None:
    with_office(world)
    brought(world, S, book(S, [SERVICE]))
    entry = entries(world)[0]
    told = Particulars(
        EntryKind.SERVICE, date(2023, 9, 1), issuer="松风路小学", class_name="2023级3班", category="assistant"
    )
    keeper = world.people[OFFICE]
    with writing(world.session):
        recording.record(
            world.session,
            recording.Entry(entry.person_id, entry.organization_id, told, EntrySource.IMPORT, keeper, keeper),
        )
    for title in ("班主任", "班主任助理"):
        assert hand_in(world, S, book(S, [SERVICE | {"身份": title}])).unchanged == 1
