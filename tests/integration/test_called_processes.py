"""Called processes two levels deep: pinned at the start, worked by people, seen as one case."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.db.work import Notification, Signature, Submission, WorkItem
from app.domain import clock
from app.domain.errors import Conflict, Invalid
from app.domain.vocabulary import Role
from app.services import doctor, signatures, steps
from app.services.acts import interventions, returns
from app.services.acts.returns import Mode, Return
from app.services.publishing import definitions
from app.services.reading import cases, history
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import outer, review, scoring
from tests.integration.prepared import database, grant, school
from tests.integration.returning import offers_of, send_back
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
PACKAGES = {"outer": outer(), "review": review(), "scoring": scoring()}


@pytest.fixture(autouse=True)
def _published(school: School) -> None:
    with writing(school.session):
        for package in PACKAGES.values():
            definitions.publish_built_in(school.session, package, PACKAGES)


def started(school: School) -> int:
    place = school.organizations["school"]
    return starts.start(school.session, school.actor("teacher"), "outer", place, {"topic": "借用操场"}).instance


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def signed(school: School) -> int:
    instance = started(school)
    school.act(instance, "finance", "submit", {"points": 90})
    school.act(instance, "legal", "sign")
    return instance


def test_two_levels_from_start_to_end(school):
    instance = started(school)
    assert school.open_item(instance).element == "review/score/mark"
    school.act(instance, "finance", "submit", {"points": 90})
    school.act(instance, "legal", "sign")
    assert case_of(school, instance).values["review"]["score"]["points"] == 90
    school.act(instance, "deputy", "agree")
    assert case_of(school, instance).values["review"]["points"] == 90
    school.act(instance, "legal", "agree")
    case = case_of(school, instance)
    assert (case.status, case.outcome) == ("completed", "done")
    paths = school.session.scalars(select(Submission.element).order_by(Submission.id))
    assert list(paths)[-5:] == ["ask", "review/score/mark", "review/score/countersign", "review/confirm", "decide"]
    assert doctor.examine(school.session) == []


def test_a_form_within_starts_from_its_own_values(school):
    instance = signed(school)
    item = school.open_item(instance)
    interventions.return_to(school.session, school.actor("deputy"), item.id, Return("review/score/mark", "分数不对"))
    item = school.open_item(instance)
    assert (item.element, item.is_returned) == ("review/score/mark", True)
    seen = cases.task_view(school.session, school.actor("finance"), item.id)
    assert dict(seen.values) == {"points": 90}
    school.act(instance, "finance", "submit", {"points": 91})
    assert school.session.scalars(select(Signature.void_reason)).one() == signatures.CHANGED
    school.act(instance, "legal", "sign")
    school.act(instance, "deputy", "agree")
    assert case_of(school, instance).values["review"]["points"] == 91


def test_returns_lead_into_the_called_process(school):
    instance = signed(school)
    school.act(instance, "deputy", "agree")
    item = school.open_item(instance)
    step = steps.locked(school.session, instance, None)
    assert [one.element for one in returns.offers(school.session, step.case, step.process, item.element).targets] == [
        "review/score/mark",
        "review/score/countersign",
        "review/confirm",
    ]
    school.session.rollback()
    interventions.return_to(school.session, school.actor("legal"), item.id, Return("review/confirm", "再核一次"))
    assert school.open_item(instance).element == "review/confirm"


def test_a_case_comes_straight_back_within_but_not_past_what_a_called_process_hands_out(school):
    instance = signed(school)
    found = {one.element: one for one in offers_of(school, instance).targets}
    assert found["review/score/countersign"].no_way_back is None
    assert "打分" in str(found["review/score/mark"].no_way_back)
    with pytest.raises(Invalid) as refused:
        send_back(school, "deputy", instance, "review/score/mark", Mode.BACK)
    assert set(refused.value.errors) == {"mode"}
    send_back(school, "deputy", instance, "review/score/countersign", Mode.BACK)
    school.act(instance, "legal", "sign")
    assert school.open_item(instance).element == "review/confirm"
    assert case_of(school, instance).values["review"]["score"]["points"] == 90


def test_four_eyes_hold_within(school):
    grant(school, "finance", Role.LEGAL_REPRESENTATIVE)
    instance = started(school)
    school.act(instance, "finance", "submit", {"points": 90})
    item = school.open_item(instance)
    assert cases.task_view(school.session, school.actor("finance"), item.id).capacity is None
    assert cases.task_view(school.session, school.actor("legal"), item.id).capacity is not None


def test_the_case_is_told_at_both_levels(school):
    instance = signed(school)
    view = cases.case_view(school.session, school.actor("teacher"), instance)
    now = {one.element: (one.state, one.people) for one in history.strip(school.session, view)}
    assert now["review"] == ("now", ("许文彬",))
    assert now["ask"][0] == "done"
    told = [(one.kind, one.element) for one in history.timeline(school.session, view)]
    assert told[:2] == [("waiting", "review/confirm"), ("sign", "review/score/countersign")]
    ticks.tick(school.session)
    assert school.session.scalars(select(Notification.text)).all()[-1:] == ["借用操场得了 90 分。"]


def test_a_case_stays_on_the_called_version_it_began_with(school):
    first = started(school)
    newer = scoring("重新填分数")
    with writing(school.session):
        definitions.publish_built_in(school.session, newer)
    second = started(school)
    names = dict(school.session.execute(select(WorkItem.instance_id, WorkItem.element_name)).all())
    assert (names[first], names[second]) == ("填分数", "重新填分数")
    assert case_of(school, first).callees == {
        "review": PACKAGES["review"].content_hash,
        "scoring": PACKAGES["scoring"].content_hash,
    }
    school.act(first, "finance", "submit", {"points": 1})
    assert case_of(school, second).callees["scoring"] == newer.content_hash


def test_the_version_called_is_the_one_nearest_to_the_organization(school):
    own = scoring("按本区办法填分数")
    with writing(school.session):
        definition = school.session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == "scoring")).one()
        school.session.add(
            ProcessVersion(
                definition_id=definition.id,
                organization_id=school.organizations["district"],
                number=2,
                title=own.manifest.title,
                code=own.manifest.code,
                category=own.manifest.category,
                content_hash=own.content_hash,
                files=dict(own.files),
                published_at=clock.now(),
            )
        )
    assert school.open_item(started(school)).element_name == "按本区办法填分数"


def test_a_missing_called_process_is_told_before_anything_is_begun(school):
    retired = select(ProcessVersion).join(ProcessVersion.definition).where(ProcessDefinition.key == "scoring")
    with writing(school.session):
        school.session.scalars(retired).one().retired_at = clock.now()
    before = school.session.scalar(select(func.count(ProcessInstance.id)))
    with pytest.raises(Conflict, match="找不到被调用的流程“scoring”"):
        started(school)
    school.session.rollback()
    assert school.session.scalar(select(func.count(ProcessInstance.id))) == before


def test_a_deadline_at_the_call_ends_all_within(school):
    start = clock.now()
    instance = started(school)
    item = school.open_item(instance)
    with clock.frozen(start + timedelta(days=6)):
        ticks.tick(school.session)
    case = case_of(school, instance)
    assert (case.status, case.outcome) == ("completed", "late")
    school.session.refresh(item)
    assert item.status == "cancelled"


def test_a_step_reads_no_version_again(school):
    instance = started(school)
    seen: list[str] = []
    engine = school.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    school.act(instance, "finance", "submit", {"points": 90})
    assert seen
    assert not any("process_version.files" in statement for statement in seen)


def test_cases_of_the_same_versions_share_what_was_parsed(school):
    one, other = case_of(school, started(school)), case_of(school, started(school))
    assert definitions.of_case(school.session, one) is definitions.of_case(school.session, other)
