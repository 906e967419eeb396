"""The office looks at applications for a rank in earnest, and an objection to the posted list takes a name off it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.notices import Notice
from app.db.objections import Objection
from app.db.work import Draft
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.errors import Invalid, Refused
from app.domain.ranks import RankApplicationResult, RankApplicationStatus, RankReviewStage
from app.domain.vocabulary import Role
from app.services import completions
from app.services.completions import Completion
from app.services.objections import raising
from app.services.objections.checking import Typed
from app.services.objections.raising import Vault
from app.services.objections.seals import Seal
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.file_world import SERVICE, keep
from tests.integration.objection_world import REPORT, SECRET
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    FIRST,
    PROCESS,
    SUMMARY,
    act,
    add_ranks,
    application_of,
    apply,
    case_of,
    heard,
    open_review,
    place_of,
    post,
    review_of,
    tick,
    values,
    verify,
    vote,
)
from tests.integration.rank_world import rank
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
GROUP = ("legal", "member", "admin")
POSTED = datetime(2026, 9, 14, 10, tzinfo=SHANGHAI)
SIGNED = datetime(2026, 9, 22, 9, tzinfo=SHANGHAI)


@pytest.fixture
def world(school: School) -> School:
    open_review(add_ranks(school))
    return school


def corrected(world: School, case: int, at: datetime, **changes: Any) -> None:
    act(world, case, "teacher", "submit", at, values=values(review_of(world).id, **changes))


def test_what_the_office_returns_is_corrected_after_the_window_and_judged_as_it_stands_then(world: School) -> None:
    rank(world, world.people["teacher"], "junior_2")
    late = CLOSED - timedelta(days=2)
    case = apply(world, rank="junior_1", at=late)
    act(world, case, "office", "return", late, comment="缺第二年的任职证明")
    tick(world, late)
    assert application_of(world, case).status == RankApplicationStatus.CORRECTING
    assert heard(world, "teacher", "的意见：“缺第二年的任职证明”") == 1
    tick(world, CLOSED)
    assert review_of(world).stage == RankReviewStage.REVIEWING
    with pytest.raises(Refused) as refusal:
        corrected(world, case, CLOSED, rank="intermediate_2")
    assert set(refusal.value.errors) == {"rank"}
    corrected(world, case, CLOSED, rank="junior_1", homeroom_years=5)
    assert application_of(world, case).status == RankApplicationStatus.SUBMITTED
    act(world, case, "office", "return", CLOSED, comment="页码不对")
    corrected(world, case, CLOSED, rank="junior_1", homeroom_years=4)
    tomorrow = (CLOSED + timedelta(days=1)).date().isoformat()
    for seen_on, is_original, field in ((tomorrow, True, "seen_on"), (CLOSED.date().isoformat(), False, "is_original")):
        with pytest.raises(Invalid) as wrong:
            act(world, case, "office", "accept", CLOSED, values={"seen_on": seen_on, "is_original": is_original})
        assert set(wrong.value.errors) == {field}
    seen = late.date().isoformat()
    act(world, case, "office", "accept", CLOSED, values={"seen_on": seen, "is_original": True})
    held = application_of(world, case)
    assert (held.seen_by_id, held.seen_at) == (world.people["office"], clock.at(late.date()))
    vote(world, case, at=CLOSED)
    act(world, case, "legal", "agree", CLOSED)
    tick(world, CLOSED)
    assert application_of(world, case).result == RankApplicationResult.DETERMINED
    assert review_of(world).stage == RankReviewStage.NOTICING


@pytest.mark.parametrize("years", [20, 1])
def test_other_years_than_the_file_proves_are_pointed_out(world: School, years: int) -> None:
    keep(world, "teacher", SERVICE)
    told = case_of(world, apply(world, homeroom_years=years)).values["submit_application"]["checks"]
    pointed_out = [one["text"] for one in told if not one["is_ok"] and f" {years} 年" in one["text"]]
    assert len(pointed_out) == 1
    assert pointed_out[0].startswith(f"申报任班主任 {years} 年，档案能证明的是 ")
    assert told[0]["text"] == pointed_out[0]


def test_a_correction_that_comes_too_late_ends_the_application_and_another_may_be_made(world: School) -> None:
    proof = {"condition": "荣誉", "name": "证书", "is_paper": False, "file": world.upload("teacher")}
    case = apply(world, evidence=[proof])
    act(world, case, "office", "return", comment="缺证明")
    tick(world, FIRST + timedelta(days=7, hours=23))
    held = application_of(world, case)
    assert (case_of(world, case).outcome, held.status) == ("lapsed", RankApplicationStatus.REJECTED)
    assert heard(world, "teacher", "补正过了期限") == 1
    kept = world.session.scalars(select(Draft).where(Draft.person_id == world.people["teacher"])).one()
    assert kept.subject == f"start/{PROCESS}/{world.organizations['school']}"
    assert (kept.values["summary"], kept.values["evidence"][0]["file"], "review" in kept.values) == (
        SUMMARY,
        None,
        False,
    )
    again = apply(world, at=CLOSED - timedelta(days=1))
    act(world, again, "office", "return", CLOSED, comment="缺证明")
    tick(world, CLOSED)
    assert review_of(world).stage == RankReviewStage.REVIEWING
    tick(world, CLOSED + timedelta(days=10))
    assert (case_of(world, again).outcome, review_of(world).stage) == ("lapsed", RankReviewStage.NO_APPLICANTS)


def test_who_is_refused_by_the_office_hears_why_and_may_apply_again_in_the_window(world: School) -> None:
    case = apply(world)
    act(world, case, "office", "refuse", comment="不在班主任岗位")
    tick(world, FIRST)
    held = application_of(world, case)
    assert (case_of(world, case).outcome, held.status) == ("rejected", RankApplicationStatus.REJECTED)
    assert heard(world, "teacher", "的理由：“不在班主任岗位”。填的内容已经存成草稿") == 1
    kept = world.session.scalars(select(Draft).where(Draft.person_id == world.people["teacher"])).one()
    assert kept.values["summary"] == SUMMARY
    assert apply(world) != case


def posted(world: School, *names: str) -> dict[str, int]:
    """Let people apply and be given a rank, and their names be posted; return their cases."""
    cases = {name: apply(world, name) for name in names}
    for case in cases.values():
        verify(world, case)
        vote(world, case)
        act(world, case, "legal", "agree")
    tick(world, CLOSED)
    held = review_of(world)
    act(world, held.instance_id, "office2", "submit", POSTED)
    act(world, held.instance_id, "legal", "accept", POSTED)
    tick(world, POSTED)
    return cases


def object_to(world: School, name: str, folder: Path) -> Objection:
    """Let a colleague object to a name on the list."""
    world.session.rollback()
    notice = world.session.scalars(select(Notice.id)).one()
    typed = Typed(person_id=world.people[name], reason="任职年限和学校的记录不一致，我看过原件。")
    vault = Vault(Seal(SECRET), folder)
    with clock.frozen(POSTED):
        return raising.raise_objection(world.session, vault, world.actor("deputy"), notice, typed)


def uphold(world: School, case: int, name: str) -> None:
    """Look into an objection, hear the person, and let the group find it right."""
    with clock.frozen(POSTED):
        do(world, case, "discipline", {"gist": "任职年限是否属实。"})
        do(world, case, name, {"statement": "填错了。"})
        do(world, case, "discipline", REPORT)
        for member in GROUP:
            seat = place_of(world, case, member)
            completions.complete(world.session, world.actor(member), seat.id, Completion(seat.revision, "agree"))
        ticks.tick(world.session)
        do(world, case, "discipline", {"reply": "经核查，年限不足，异议成立。"})


def do(world: School, case: int, name: str, given: Any) -> None:
    item = world.open_item(case)
    completions.complete(world.session, world.actor(name), item.id, Completion(item.revision, "submit", given))


def test_an_objection_that_is_upheld_takes_the_name_off_the_list_and_the_application_ends(
    world: School, tmp_path: Path
) -> None:
    with writing(world.session):
        # Who saw the originals looks into nothing, though it is the office of the rule.
        world.session.add(post(world, "office", "school", Role.SUPERVISION_OFFICE))
        world.session.add_all(post(world, name, "school", Role.LEADERSHIP_GROUP_MEMBER) for name in GROUP[1:])
    cases = posted(world, "teacher", "host")
    objection = object_to(world, "teacher", tmp_path)
    assert objection.handler_id == world.people["discipline"]
    uphold(world, objection.instance_id, "teacher")
    tick(world, POSTED)
    tick(world, SIGNED)
    struck, kept = (application_of(world, cases[name]) for name in ("teacher", "host"))
    assert (struck.result, kept.result) == (RankApplicationResult.REFUSED, RankApplicationResult.DETERMINED)
    assert case_of(world, cases["teacher"]).outcome == "refused_above"
    assert heard(world, "teacher", "没有生效\n\n理由：“公示期间的异议成立") == 1
    held = review_of(world)
    assert held.stage == RankReviewStage.SIGNING
    act(world, held.instance_id, "legal", "sign", SIGNED)
    (batch,) = world.session.scalars(select(FilingBatch))
    assert [row.application_id for row in batch.rows] == [kept.id]


def test_where_the_only_name_leaves_the_list_nothing_is_filed(world: School, tmp_path: Path) -> None:
    with writing(world.session):
        world.session.add_all(post(world, name, "school", Role.LEADERSHIP_GROUP_MEMBER) for name in GROUP[1:])
    posted(world, "teacher")
    uphold(world, object_to(world, "teacher", tmp_path).instance_id, "teacher")
    tick(world, POSTED)
    tick(world, SIGNED)
    held = review_of(world)
    assert (held.stage, case_of(world, held.instance_id).outcome) == (RankReviewStage.NO_APPLICANTS, "no_applicants")
    assert world.session.scalars(select(FilingBatch)).all() == []
