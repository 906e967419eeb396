"""A teacher's entry on its way into the file: checked, verified by another, corrected, struck out."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource, Level
from app.domain.errors import Conflict, Forbidden, Invalid, Refused
from app.services.acts import interventions
from app.services.reading.cases import case_view
from tests.integration.dossier_world import HONOUR, add_keepers, enter, live, record_honour
from tests.integration.school import School

LATER = (clock.today() + timedelta(days=3)).isoformat()


@pytest.fixture
def school(world: School) -> School:
    return add_keepers(world)


def test_what_the_office_verifies_stands_in_the_file(school: School) -> None:
    entry = record_honour(school)
    assert (entry.title, entry.level, entry.source) == ("区优秀班主任", Level.DISTRICT, EntrySource.CASE)
    people = school.people
    assert (entry.person_id, entry.entered_by_id, entry.verified_by_id) == (
        people["teacher"],
        people["teacher"],
        people["office"],
    )
    assert entry.organization_id == school.organizations["school"]
    assert len(entry.evidence) == 1


def test_nothing_unverified_stands_in_the_file(school: School) -> None:
    returned, refused, waiting = enter(school), enter(school), enter(school)
    school.act(returned, "office", "return")
    school.act(refused, "office2", "refuse")
    assert waiting != refused
    assert school.session.scalar(select(func.count()).select_from(DossierEntry)) == 0


def test_the_case_says_what_it_is_about(school: School) -> None:
    view = case_view(school.session, school.actor("office"), enter(school))
    assert view.case.title == "登记个人荣誉：区优秀班主任"
    assert view.case.summary == [{"label": "内容", "value": "班主任工作 · 区县级 · 临溪区教育局 · 2025年9月10日"}]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"honour_from_on": LATER}, "honour_from_on", "日期不能晚于今天。"),
        ({"corrects": 999_999}, "corrects", None),
    ],
)
def test_what_is_wrong_is_refused_at_the_field(
    school: School, changes: dict[str, Any], field: str, words: str | None
) -> None:
    with pytest.raises(Invalid) as raised:
        enter(school, **changes)
    assert field in raised.value.errors
    assert words is None or [str(found) for found in raised.value.errors[field]] == [words]


def test_a_service_that_ends_before_it_begins_is_refused(school: School) -> None:
    service = {
        "kind": "service",
        "service_issuer": "育新学校",
        "service_class_name": "三年级2班",
        "service_category": "full",
        "service_from_on": "2024-09-01",
        "service_until_on": "2024-08-31",
    }
    others: dict[str, Any] = dict.fromkeys(set(HONOUR) - {"kind"})
    with pytest.raises(Refused) as raised:
        enter(school, **others, **service)
    assert list(raised.value.errors) == ["service_until_on"]
    entry = record_honour(school, **others, **{**service, "service_until_on": "2026-08-31"})
    assert entry.school_id == school.organizations["sibling"]


def test_nobody_verifies_an_own_entry(school: School) -> None:
    instance = enter(school, "office")
    with pytest.raises(Forbidden):
        school.act(instance, "office", "accept")
    school.act(instance, "office2", "accept")
    assert live(school, "office", EntryKind.HONOUR)


def test_who_holds_no_office_verifies_nothing_whatever_was_handed_on(school: School) -> None:
    instance = enter(school)
    item = school.open_item(instance)
    item.assignee_id = school.people["host"]
    school.session.commit()
    with pytest.raises(Forbidden):
        school.act(instance, "host", "accept")
    assert not live(school, "teacher", EntryKind.HONOUR)


def test_a_correction_takes_the_place_of_the_entry(school: School) -> None:
    first = record_honour(school)
    second = record_honour(
        school, honour_level="city", honour_issuer="云澜市教育局", corrects=first.id, reason="级别填错"
    )
    assert [entry.id for entry in live(school, "teacher", EntryKind.HONOUR)] == [second.id]
    assert second.corrects_id == first.id
    struck = record_honour(school, corrects=second.id, strikes=True, reason="登记重了", evidence=None)
    assert struck.is_void
    assert live(school, "teacher", EntryKind.HONOUR) == []


def test_two_corrections_of_one_entry_do_not_both_count(school: School) -> None:
    first = record_honour(school)
    one = enter(school, corrects=first.id, reason="改名称", honour_title="区十佳班主任")
    other = enter(school, corrects=first.id, reason="改名称", honour_title="区先进班主任")
    school.act(one, "office", "accept")
    with pytest.raises(Conflict):
        school.act(other, "office2", "accept")
    assert [entry.title for entry in live(school, "teacher", EntryKind.HONOUR)] == ["区十佳班主任"]
    interventions.withdraw(school.session, school.actor("teacher"), other, "重新填")


def test_another_kind_or_anothers_entry_cannot_be_corrected(school: School) -> None:
    entry = record_honour(school)
    others: dict[str, Any] = dict.fromkeys(set(HONOUR) - {"kind"})
    for name in ("host", "teacher"):
        changes = {"kind": "title", "title_category": "senior", "title_from_on": "2020-01-01"}
        with pytest.raises(Invalid) as raised:
            enter(school, name, **others, **changes, corrects=entry.id, reason="x")
        assert list(raised.value.errors) == ["corrects"]


def test_the_office_is_shown_what_looks_like_a_twin(school: School) -> None:
    record_honour(school)
    view = case_view(school.session, school.actor("office"), enter(school))
    found = [check["text"] for check in view.case.values["check_entry"]["checks"] if not check["is_ok"]]
    assert found == ["档案里已有同一天、同一名称的登记，请核对是不是重复"]


def test_of_two_corrections_that_are_verified_at_once_one_counts(school: School, database: Engine) -> None:
    first = record_honour(school)
    cases = [enter(school, corrects=first.id, reason="改名称", honour_title=title) for title in ("甲", "乙")]
    barrier, outcomes = threading.Barrier(2), []

    def verify(case: int, name: str) -> None:
        with Session(database) as session:
            own = replace(school, session=session)
            barrier.wait(timeout=20)
            try:
                own.act(case, name, "accept")
                outcomes.append("recorded")
            except Conflict:
                outcomes.append("refused")

    pairs = zip(cases, ("office", "office2"), strict=True)
    threads = [threading.Thread(target=verify, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["recorded", "refused"]
    assert len(live(school, "teacher", EntryKind.HONOUR)) == 1
