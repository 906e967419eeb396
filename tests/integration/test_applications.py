"""Applications in a round: entered, returned with a deadline, recommended upwards, accepted, withdrawn, answered."""

from datetime import timedelta

import pytest

from app.db.messages import Message
from app.db.rounds import Application
from app.db.work import Draft
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Refused
from app.domain.rounds import ApplicationResult, ApplicationStatus
from app.domain.vocabulary import InstanceStatus
from app.services.acts import interventions
from app.services.rounds import receipts
from app.services.starting import starts
from app.services.timing import ticks
from tests.integration.application_world import (
    PROCESS,
    add_rounds,
    application_of,
    apply,
    case_of,
    close_window,
    give_result,
    member_values,
    open_round,
    values,
)
from tests.integration.dossier_world import record_sanction
from tests.integration.prepared import database, operations, school
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures


@pytest.fixture
def world(school: School) -> School:
    return add_rounds(school)


def refusal(world: School, name: str, filled: dict[str, object]) -> Refused:
    with pytest.raises(Refused) as refused:
        starts.start(world.session, world.actor(name), PROCESS, world.organizations["school"], filled)
    return refused.value


def sent(world: School, name: str) -> list[dict[str, object]]:
    world.session.rollback()
    return [one.payload for one in world.session.query(Message).filter_by(name=name).order_by(Message.id)]


def test_an_accepted_application_waits_for_the_round_and_answers_it(world: School) -> None:
    round_id = open_round(world)
    case = apply(world, round_id)
    assert application_of(world, case).status == ApplicationStatus.SUBMITTED
    world.act(case, "office", "accept")
    accepted = application_of(world, case)
    assert (accepted.status, accepted.received_by_id) == (ApplicationStatus.ACCEPTED, world.people["office"])
    assert accepted.materials[0].receipt_number
    assert [one["application"] for one in sent(world, "application_settled")] == [accepted.id]
    give_result(world, case, ApplicationResult.CHOSEN)
    assert world.open_item(case).element == "accept_appointment"
    world.act(case, "teacher", "refuse")
    assert [one["answer"] for one in sent(world, "appointment_answered")] == ["refuse"]
    assert (case_of(world, case).outcome, application_of(world, case).result) == ("declined", "declined")


def test_an_offer_that_nobody_answers_is_declined_in_the_name_of_the_system(world: School) -> None:
    case = apply(world, open_round(world))
    world.act(case, "office", "accept")
    give_result(world, case, ApplicationResult.CHOSEN)
    with clock.frozen(clock.now() + timedelta(days=30)):
        ticks.tick(world.session)
        ticks.tick(world.session)
    assert [one["answer"] for one in sent(world, "appointment_answered")] == ["refuse"]
    assert (case_of(world, case).outcome, application_of(world, case).result) == ("declined", "declined")


def test_who_is_not_chosen_is_told_kindly_and_nothing_of_others(world: School) -> None:
    case = apply(world, open_round(world))
    world.act(case, "office", "accept")
    give_result(world, case, ApplicationResult.NOT_CHOSEN)
    assert case_of(world, case).outcome == "not_chosen"


def test_a_correction_in_time_comes_back_to_the_office(world: School) -> None:
    round_id = open_round(world)
    case = apply(world, round_id)
    world.act(case, "office", "return")
    assert application_of(world, case).status == ApplicationStatus.CORRECTING
    # The window may be over by then: what counts is the deadline of the correction.
    close_window(world, round_id)
    world.act(case, "teacher", "submit", values(world, round_id, materials=[{"name": "证书", "is_paper": True}]))
    corrected = application_of(world, case)
    assert corrected.status == ApplicationStatus.SUBMITTED
    assert [one.name for one in corrected.materials] == ["证书"]
    world.act(case, "office", "refuse")
    assert application_of(world, case).status == ApplicationStatus.REJECTED


def test_a_correction_too_late_is_rejected_and_kept_as_a_draft(world: School) -> None:
    round_id = open_round(world)
    case = apply(world, round_id)
    world.act(case, "office", "return")
    with clock.frozen(clock.now() + timedelta(days=14)):
        ticks.tick(world.session)
    assert (case_of(world, case).outcome, application_of(world, case).status) == ("rejected", "rejected")
    draft = world.session.query(Draft).filter_by(person_id=world.people["teacher"]).one()
    assert draft.subject == f"start/{PROCESS}/{world.organizations['school']}"
    assert draft.values["plan"] == "带年轻班主任做主题班会。"
    assert "round" not in draft.values


def test_an_application_to_the_city_climbs_by_school_and_district(world: School) -> None:
    case = apply(world, open_round(world, "city"))
    assert application_of(world, case).status == ApplicationStatus.RECOMMENDING
    for element, name, verdict, place in (
        ("receive_application/recommend_in_school", "legal", "agree", "school"),
        ("receive_application/recommend_in_district", "district_admin", "agree", "district"),
        ("receive_application/check_in_bureau", "city_auditor", "accept", "city"),
    ):
        item = world.open_item(case)
        assert (item.element, item.organization_id) == (element, world.organizations[place])
        world.act(case, name, verdict)
    assert application_of(world, case).status == ApplicationStatus.ACCEPTED
    # The round of the city hears of the application of a school.
    assert (
        world.session.query(Message).filter_by(name="application_settled").one().organization_id
        == (world.organizations["city"])
    )


def test_late_or_early_nobody_applies(world: School) -> None:
    round_id = open_round(world)
    close_window(world, round_id)
    refused = refusal(world, "teacher", values(world, round_id))
    assert "截止" in refused.errors["round"][0].chinese()
    assert world.session.query(Application).count() == 0


def test_once_a_round_and_again_after_a_withdrawal(world: School) -> None:
    round_id = open_round(world)
    case = apply(world, round_id)
    assert "已经申报" in refusal(world, "teacher", values(world, round_id)).errors["round"][0].chinese()
    world.act(case, "office", "accept")
    interventions.withdraw(world.session, world.actor("teacher"), case, "")
    assert case_of(world, case).status == InstanceStatus.WITHDRAWN
    assert application_of(world, case).status == ApplicationStatus.WITHDRAWN
    again = apply(world, round_id)
    close_window(world, round_id)
    with pytest.raises(Conflict, match="截止"):
        interventions.withdraw(world.session, world.actor("teacher"), again, "")


def test_who_leads_no_class_or_was_sanctioned_cannot_apply(world: School) -> None:
    round_id = open_round(world)
    refused = refusal(world, "member", values(world, round_id))
    assert refused.parameter == "selection.serving_required"
    record_sanction(world, "teacher")
    assert "处分" in refusal(world, "teacher", values(world, round_id)).errors["kind"][0].chinese()


def test_a_member_says_with_whom_or_goes_anywhere(world: School) -> None:
    round_id = open_round(world)
    nowhere = member_values(world, round_id, accepts_allocation=False)
    assert set(refusal(world, "teacher", nowhere).errors) == {"wished_host"}
    with_stranger = member_values(world, round_id, wished_host="谁也不是")
    assert set(refusal(world, "teacher", with_stranger).errors) == {"wished_host"}
    filled = member_values(world, round_id, wished_host="周敏")
    case = starts.start(world.session, world.actor("teacher"), PROCESS, world.organizations["school"], filled).instance
    assert application_of(world, case).wished_host_id == world.people["host"]


def test_materials_have_names_of_their_own(world: School) -> None:
    twice = [{"name": "证书", "is_paper": True}, {"name": "证书", "file": world.upload("teacher")}]
    refused = refusal(world, "teacher", values(world, open_round(world), materials=twice))
    assert set(refused.errors) == {"materials.1.name"}


def test_a_paper_gets_its_receipt_from_whoever_checks(world: School) -> None:
    case = apply(world, open_round(world))
    paper = application_of(world, case).materials[0].id
    for name in ("teacher", "legal"):
        with pytest.raises(Forbidden):
            receipts.hand_out(world.session, world.actor(name), case, paper)
    receipts.hand_out(world.session, world.actor("office"), case, paper)
    assert application_of(world, case).materials[0].received_by_id == world.people["office"]
    with pytest.raises(Conflict):
        receipts.hand_out(world.session, world.actor("office2"), case, paper)
