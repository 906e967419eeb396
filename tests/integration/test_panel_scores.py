"""A panel that scores: the roll of a group, own candidates left out, conflicts, the deadline, what the case keeps."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from app.db.collectives import CollectiveResponse
from app.db.money import Studio
from app.db.panels import Panel
from app.db.people import Position
from app.db.rounds import Application, Round
from app.db.work import Draft
from app.domain import clock
from app.domain.errors import Invalid, NotFound, Stale
from app.domain.rounds import ApplicationKind, ApplicationStatus, RoundStage
from app.domain.vocabulary import CollectiveStatus, Role, WorkItemStatus
from app.services import completions, journal, visibility, work_items
from app.services.collective import collective_closings
from app.services.completions import Completion
from app.services.filling.drafts import Typed
from app.services.filling.task_drafts import keep_task_draft
from app.services.panels.scoring import Aside, MemberSheet, member_sheet
from app.services.transactions import writing
from tests.integration.crowd import at_once, refusals
from tests.integration.panel_world import case_of, place_of, places, task_of
from tests.integration.prepared import (
    database,
    grant,
    operations,
    school,
    start_watched,
)
from tests.integration.school import School
from tests.integration.score_world import GROUP, hand_in, handing_in, opened, result, scores, step_aside

__all__ = ["database", "operations", "school"]  # fixtures


def test_leader_deputy_and_members_score_and_the_case_goes_on_with_means(school: School) -> None:
    instance = opened(school)
    assert set(places(school, instance)) == {school.people[name] for name in ("legal", "deputy", "finance")}
    hand_in(school, instance, "legal", host=[50, 30], member=[55.5, 36])
    hand_in(school, instance, "deputy", host=[48, 31], member=[60, 40])
    assert task_of(school.session, instance).status == CollectiveStatus.OPEN
    hand_in(school, instance, "finance", host=[50, 31], member=[40, 20])
    found = result(school, instance)
    assert found["result"] == "scored"
    assert found["lines"] == [
        {"id": school.people["host"], "mean": 80, "spread": 2, "scored": 3},
        {"id": school.people["member"], "mean": 83.83, "spread": 40, "scored": 3},
    ]
    inner = found["score_candidates"]
    assert (inner["roll"], inner["answered"], inner["closed_by"], "counts" in inner) == (3, 3, "rule", False)
    assert place_of(school.session, instance, school.people["legal"]).status == WorkItemStatus.DONE
    assert list(journal.verify(school.session)) == []


def test_a_candidate_in_the_group_does_not_score_themselves(school: School) -> None:
    instance = opened(school, "deputy", "member")
    with pytest.raises(Invalid) as caught:
        hand_in(school, instance, "deputy", deputy=[60, 40], member=[1, 1])
    assert list(caught.value.errors) == ["scores.0"]
    hand_in(school, instance, "deputy", member=[50, 30])
    for name in ("legal", "finance"):
        hand_in(school, instance, name, deputy=[40, 30], member=[50, 30])
    assert [(one["mean"], one["scored"]) for one in result(school, instance)["lines"]] == [(70, 2), (80, 3)]


def test_who_is_the_only_candidate_is_not_asked(school: School) -> None:
    instance = opened(school, "deputy")
    assert places(school, instance)[school.people["deputy"]] == WorkItemStatus.RECUSED
    for name in ("legal", "finance"):
        hand_in(school, instance, name, deputy=[40, 30])
    assert result(school, instance)["lines"][0]["scored"] == 2


def test_a_conflict_leaves_one_candidate_to_the_others_and_changes_the_page(school: School) -> None:
    instance = opened(school)
    before = place_of(school.session, instance, school.people["finance"]).revision
    step_aside(school, instance, "finance", "member", why="妻子")
    assert place_of(school.session, instance, school.people["finance"]).revision == before + 1
    with pytest.raises(Invalid) as caught:
        step_aside(school, instance, "finance", "member")
    assert list(caught.value.errors) == ["candidate"]
    hand_in(school, instance, "finance", host=[50, 30])
    with pytest.raises(Stale):
        step_aside(school, instance, "finance", "host")
    for name in ("legal", "deputy"):
        hand_in(school, instance, name, host=[50, 30], member=[50, 30])
    assert [one["scored"] for one in result(school, instance)["lines"]] == [3, 2]
    assert list(journal.verify(school.session)) == []


@pytest.mark.parametrize(
    ("kind", "candidate", "field"),
    [("friend", "member", "kind"), ("other", "member", "reason"), ("other", "legal", "candidate")],
)
def test_a_conflict_names_a_candidate_a_kind_and_if_need_be_what_it_is(
    school: School, kind: str, candidate: str, field: str
) -> None:
    instance = opened(school)
    with pytest.raises(Invalid) as caught:
        step_aside(school, instance, "finance", candidate, kind)
    assert list(caught.value.errors) == [field]


def sheet_for(school: School, instance: int, name: str) -> MemberSheet:
    panel = school.session.get_one(Panel, task_of(school.session, instance).id)
    return member_sheet(school.session, panel, school.people[name])


def test_who_steps_aside_for_everybody_is_no_member(school: School) -> None:
    instance = opened(school)
    for name in ("legal", "deputy"):
        hand_in(school, instance, name, host=[50, 30], member=[50, 30])
    step_aside(school, instance, "finance", "member")
    assert task_of(school.session, instance).status == CollectiveStatus.OPEN
    step_aside(school, instance, "finance", "host", "same_studio")
    assert places(school, instance)[school.people["finance"]] == WorkItemStatus.RECUSED
    found = result(school, instance)
    assert (found["result"], found["score_candidates"]["recused"]) == ("scored", 1)


def in_studio(school: School, name: str, from_on: date, until_on: date | None = None) -> None:
    """Let somebody be a member of the studio of the candidates."""
    place, role = school.organizations["school"], Role.STUDIO_MEMBER
    term = {"studio_id": school.studio, "from_on": from_on, "until_on": until_on}
    school.session.add(Position(person_id=school.people[name], organization_id=place, role=role, **term))
    school.session.commit()


def test_the_register_tells_who_shares_a_studio_with_a_candidate_now_or_before(school: School) -> None:
    in_studio(school, "finance", date(2020, 1, 1), date(2021, 1, 1))
    in_studio(school, "deputy", clock.today() + timedelta(days=30))
    instance = opened(school, "host", "teacher")
    known = {name: sheet_for(school, instance, name).recusals for name in GROUP}
    host, studio = str(school.people["host"]), school.session.get_one(Studio, school.studio)
    assert {name: aside for name, found in known.items() if (aside := found.get(host))} == {
        "finance": Aside("same_studio", studio.name)
    }
    with pytest.raises(Invalid):
        hand_in(school, instance, "finance", host=[50, 30], teacher=[51, 30])
    with pytest.raises(Invalid):
        step_aside(school, instance, "finance", "host", "same_studio")
    hand_in(school, instance, "finance", teacher=[51, 30])
    for name in ("legal", "deputy"):
        hand_in(school, instance, name, host=[50, 30], teacher=[51, 30])
    assert [one["scored"] for one in result(school, instance)["lines"]] == [2, 3]


def test_who_shares_a_studio_with_every_candidate_is_no_member(school: School) -> None:
    in_studio(school, "finance", date(2020, 1, 1))
    instance = opened(school)
    assert places(school, instance)[school.people["finance"]] == WorkItemStatus.RECUSED
    for name in ("legal", "deputy"):
        hand_in(school, instance, name, host=[50, 30], member=[50, 30])
    assert result(school, instance)["score_candidates"]["recused"] == 1


def test_the_last_two_at_once_end_it_once_with_the_scores_of_both(school: School, database: Engine) -> None:
    instance = opened(school)
    hand_in(school, instance, "legal", host=[50, 30], member=[51, 30])
    both = [handing_in(school, instance, name, host=[40, 30], member=[51, 30]) for name in ("deputy", "finance")]
    assert refusals(at_once(database, *both)) == []
    found = result(school, instance)
    assert (found["result"], [one["scored"] for one in found["lines"]]) == ("scored", [3, 3])
    assert found["lines"][0]["mean"] == 73.33
    assert [item.element for item in work_items.undone_of(school.session, instance)] == ["decide"]


def test_the_same_sheet_twice_at_once_counts_once(school: School, database: Engine) -> None:
    instance = opened(school)
    act = handing_in(school, instance, "legal", host=[50, 30], member=[51, 30])
    assert refusals(at_once(database, act, act)) == [Stale]
    assert task_of(school.session, instance).counts == {"submit": 1}


def test_at_the_deadline_what_is_in_counts(school: School) -> None:
    instance = opened(school)
    hand_in(school, instance, "legal", host=[50, 30], member=[51, 30])
    due_at = task_of(school.session, instance).due_at
    assert due_at is not None
    with clock.frozen(due_at + timedelta(minutes=1)):
        collective_closings.sweep(school.session)
    found = result(school, instance)
    assert (found["result"], found["score_candidates"]["closed_by"]) == ("incomplete", "deadline")
    assert [(one["mean"], one["spread"]) for one in found["lines"]] == [(80, 0), (81, 0)]


def test_nobody_scored_leaves_no_mean(school: School) -> None:
    instance = opened(school)
    due_at = task_of(school.session, instance).due_at
    assert due_at is not None
    with clock.frozen(due_at + timedelta(minutes=1)):
        collective_closings.sweep(school.session)
    assert [one["mean"] for one in result(school, instance)["lines"]] == [None, None]


def test_a_draft_goes_with_what_is_handed_in_and_stays_with_what_is_refused(school: School) -> None:
    instance = opened(school)
    item = place_of(school.session, instance, school.people["legal"])
    keep_task_draft(school.session, school.actor("legal"), item.id, Typed(scores(school, host=[70])))
    with pytest.raises(Invalid):
        hand_in(school, instance, "legal", host=[70, 1], member=[1, 1])
    assert school.session.scalar(select(func.count()).select_from(Draft)) == 1
    hand_in(school, instance, "legal", host=[50, 1], member=[1, 1])
    assert school.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_scores_cannot_be_handed_in_twice_nor_by_others(school: School) -> None:
    instance = opened(school)
    hand_in(school, instance, "legal", host=[50, 30], member=[51, 30])
    with pytest.raises(Stale):
        hand_in(school, instance, "legal", host=[1, 1], member=[1, 1])
    assert school.session.scalar(select(func.count()).select_from(CollectiveResponse)) == 1
    grant(school, "other_host", Role.LEADERSHIP_GROUP_MEMBER)
    item = place_of(school.session, instance, school.people["deputy"])
    with pytest.raises(NotFound):
        completions.complete(school.session, school.actor("member"), item.id, Completion(item.revision, "submit", {}))
    assert case_of(school, instance).values["panel"].get("lines") is None


@pytest.mark.usefixtures("operations")
def test_the_roll_of_a_round_sees_whom_it_scores_and_no_other_application(school: School) -> None:
    today, application = clock.today(), start_watched(school)
    place, applicant = school.organizations["school"], school.people["teacher"]
    made = Round(organization_id=place, instance_id=opened(school), title="评选", programme="school_studio", seats=1)
    made.term_from, made.term_until, made.stage, made.dates, made.settings = today, today, RoundStage.REVIEWING, {}, {}
    applied = Application(instance_id=application, organization_id=place, person_id=applicant)
    applied.kind, applied.status = ApplicationKind.HOST, ApplicationStatus.RECOMMENDING
    with writing(school.session):
        school.session.add(made)
        school.session.flush()
        applied.round_id = made.id
        school.session.add(applied)
    seen = []
    for kind, status in (
        (ApplicationKind.HOST, ApplicationStatus.RECOMMENDING),
        (ApplicationKind.MEMBER, ApplicationStatus.ACCEPTED),
        (ApplicationKind.HOST, ApplicationStatus.ACCEPTED),
        (ApplicationKind.HOST, ApplicationStatus.WITHDRAWN),
    ):
        with writing(school.session):
            applied.kind, applied.status = kind, status
        seen.append(
            [visibility.may_see_id(school.session, school.actor(name), application) for name in ("finance", "host")]
        )
    assert seen == [[False, False], [False, False], [True, False], [False, False]]
