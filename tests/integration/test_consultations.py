"""Delegating for an opinion, adding signers before and after, recalling: what waits, what comes back, who may."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.queries import money
from app.db.work import Notification, Submission, WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.vocabulary import Role, WorkItemKind, WorkItemStatus
from app.services import completions, doctor, journal
from app.services.acts import claims, consultations, interventions, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.acts.returns import Return
from app.services.completions import Completion
from app.services.reading import inbox
from app.services.reading.cases import case_view, task_view
from app.services.reading.history import strip, timeline
from app.services.reading.inbox import Query
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import at_once, refusals
from tests.integration.plans import asked, staff_office, start_plan
from tests.integration.prepared import database, grant, school
from tests.integration.school import PEOPLE, School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def plan(school: School) -> int:
    """Return a plan that the office is asked to review."""
    staff_office(school)
    return start_plan(school)


def items(school: School, instance: int, *kinds: WorkItemKind) -> list[WorkItem]:
    school.session.expire_all()
    query = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.kind.in_(kinds or (WorkItemKind.TASK,)))
    return list(school.session.scalars(query.order_by(WorkItem.id)))


def todo(school: School, name: str) -> list[tuple[int, str]]:
    school.session.rollback()
    return [(row.id, row.kind) for row in inbox.todo(school.session, school.actor(name), Query()).items]


def give(school: School, name: str, verdict: str, comment: str | None = None, revision: int | None = None) -> Any:
    """Answer the one thing in a person's inbox."""
    (item_id, _kind), *_more = todo(school, name)
    seen = task_view(school.session, school.actor(name), item_id)
    given = Completion(revision or seen.item.revision, verdict, comment=comment)
    return completions.complete(school.session, school.actor(name), item_id, given)


def finish(school: School, instance: int) -> None:
    """Bring the case to its end and look at what it left."""
    (review,) = [item for item in items(school, instance) if item.status == WorkItemStatus.OPEN]
    if review.element == "office_review":
        name = "teacher" if review.assignee_id in {None, school.people["teacher"]} else "member"
        give(school, name, "agree")
    give(school, "deputy", "agree")
    assert case_view(school.session, school.actor("host"), instance).case.outcome == "filed"
    assert doctor.examine(school.session) == []
    assert list(journal.verify(school.session)) == []


def test_a_delegated_task_waits_and_comes_back_with_the_opinion(school: School, plan: int) -> None:
    item = items(school, plan)[0].id
    consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["finance"], "预算合适吗")
    assert (todo(school, "teacher"), todo(school, "member")) == ([], [])
    ((child, kind),) = todo(school, "finance")
    assert (child != item, kind) == (True, WorkItemKind.DELEGATED)
    seen = task_view(school.session, school.actor("finance"), child)
    assert (seen.form, list(seen.verdicts)) == (None, ["agree", "disagree", "remark"])
    view = case_view(school.session, school.actor("host"), plan)
    assert next(step for step in strip(school.session, view) if step.state == "now").people == ("刘芸",)
    with pytest.raises(Conflict, match="何静已经认领"):
        completions.complete(school.session, school.actor("member"), item, Completion(1, "agree"))
    with pytest.raises(Invalid):
        give(school, "finance", "remark")
    give(school, "finance", "remark", "场地费偏高，请再核。")
    assert todo(school, "teacher") == [(item, WorkItemKind.TASK)]
    told = timeline(school.session, case_view(school.session, school.actor("finance"), plan))
    assert [(one.kind, one.person, one.others, one.opinion, one.text) for one in told[1:3]] == [
        ("give_opinion", "刘芸", ("何静",), "remark", "场地费偏高，请再核。"),
        ("delegate", "何静", ("刘芸",), None, "预算合适吗"),
    ]
    ticks.tick(school.session)
    sentences = set(school.session.scalars(select(Notification.text)))
    assert any("刘芸" not in text and "出意见" in text for text in sentences)
    assert any("意见已经回来" in text for text in sentences)
    finish(school, plan)


def test_who_waits_recalls_before_the_answer(school: School, plan: int) -> None:
    consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["finance"])
    waiting = Asked(school.actor("teacher"), items(school, plan)[0].id)
    child = todo(school, "finance")[0][0]
    for name, refusal in (("finance", Forbidden), ("member", Forbidden), ("host", Forbidden), ("other_host", NotFound)):
        with pytest.raises(refusal):
            consultations.recall(school.session, Asked(school.actor(name), waiting.item_id))
    with pytest.raises(Forbidden, match="只请您出意见"):
        transfers.transfer(school.session, Asked(school.actor("finance"), child), school.people["legal"], "请代办")
    with pytest.raises(Forbidden, match="只请您出意见"):
        consultations.delegate(school.session, Asked(school.actor("finance"), child), school.people["legal"])
    with pytest.raises(Forbidden, match="只请您出意见"):
        interventions.return_to(school.session, school.actor("finance"), child, Return("submit_plan", "请改"))
    with pytest.raises(Conflict, match="先收回"):
        transfers.transfer(school.session, waiting, school.people["member"], "请代办")
    consultations.recall(school.session, waiting)
    assert (todo(school, "finance"), len(todo(school, "teacher"))) == ([], 1)
    with pytest.raises(Stale):
        completions.complete(school.session, school.actor("finance"), child, Completion(1, "agree"))
    with pytest.raises(Conflict, match="没有在等"):
        consultations.recall(school.session, waiting)
    consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["finance"])
    with pytest.raises(Invalid):
        consultations.recall(school.session, Asked(school.actor("admin"), waiting.item_id))
    consultations.recall(school.session, Asked(school.actor("admin"), waiting.item_id), "刘芸出差")
    finish(school, plan)


def test_signers_before_are_all_asked_first(school: School, plan: int) -> None:
    people = [school.people["finance"], school.people["legal"]]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), people, When.BEFORE, "涉及经费")
    assert todo(school, "teacher") == []
    give(school, "finance", "disagree", "超了预算。")
    assert todo(school, "teacher") == []
    give(school, "legal", "agree")
    assert [kind for _item, kind in todo(school, "teacher")] == [WorkItemKind.TASK]
    finish(school, plan)


def test_the_verdict_waits_for_signers_after_it(school: School, plan: int) -> None:
    people = [school.people["finance"], school.people["legal"]]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), people, When.AFTER)
    # It is claimed with that, and who signs afterwards is not asked yet.
    assert (todo(school, "member"), todo(school, "finance"), len(todo(school, "teacher"))) == ([], [], 1)
    with pytest.raises(NotFound):
        case_view(school.session, school.actor("finance"), plan)
    give(school, "teacher", "agree", "计划写得全。")
    assert (todo(school, "teacher"), todo(school, "deputy")) == ([], [])
    give(school, "finance", "agree")
    assert todo(school, "deputy") == []
    give(school, "legal", "agree")
    assert len(todo(school, "deputy")) == 1
    finish(school, plan)
    review = items(school, plan)[0]
    assert (review.status, review.verdict, review.closed_by_id) == ("done", "agree", school.people["teacher"])


def test_nobody_signs_after_an_own_verdict(school: School, plan: int) -> None:
    member = school.people["member"]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), [member], When.AFTER)
    with pytest.raises(Invalid) as refusal:
        transfers.transfer(school.session, asked(school, plan, "teacher"), member, "请您办")
    assert set(refusal.value.errors) == {"to"}
    claims.release(school.session, asked(school, plan, "teacher"))
    give(school, "member", "agree")
    assert [item.status for item in items(school, plan, WorkItemKind.ADDED_AFTER)] == ["cancelled"]
    assert len(todo(school, "deputy")) == 1


def test_a_signer_after_who_disagrees_gives_the_task_back(school: School, plan: int) -> None:
    people = [school.people["finance"], school.people["legal"]]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), people, When.AFTER)
    give(school, "teacher", "agree")
    give(school, "finance", "disagree", "超了预算。")
    assert (todo(school, "legal"), todo(school, "deputy"), len(todo(school, "teacher"))) == ([], [], 1)
    assert items(school, plan)[0].verdict is None
    give(school, "teacher", "return", "请按财务的意见改。")
    assert [item.element for item in items(school, plan)] == ["office_review", "revise_plan"]
    assert school.session.query(Submission).where(Submission.instance_id == plan).count() == 3


def test_a_verdict_against_needs_no_signers_after_it(school: School, plan: int) -> None:
    consultations.add_signers(school.session, asked(school, plan, "teacher"), [school.people["legal"]], When.AFTER)
    give(school, "teacher", "return", "活动没有写全。")
    assert todo(school, "legal") == []
    assert {item.status for item in items(school, plan, WorkItemKind.ADDED_AFTER)} == {"cancelled"}
    assert doctor.examine(school.session) == []


def test_recalling_takes_back_a_verdict_that_waits(school: School, plan: int) -> None:
    consultations.add_signers(school.session, asked(school, plan, "teacher"), [school.people["legal"]], When.AFTER)
    give(school, "teacher", "agree")
    waiting = Asked(school.actor("teacher"), items(school, plan)[0].id)
    consultations.recall(school.session, waiting)
    assert (todo(school, "legal"), len(todo(school, "teacher"))) == ([], 1)
    finish(school, plan)


@pytest.mark.parametrize(
    ("people", "field"),
    [
        (["teacher"], "您自己"),
        (["finance", "finance"], "只请一次"),
        (["other_finance"], "本单位"),
        (["finance"] * 11, "最多"),
        ([], "请选人"),
    ],
)
def test_who_cannot_be_asked(school: School, plan: int, people: list[str], field: str) -> None:
    wanted = [school.people[name] for name in people]
    for when in When:
        with pytest.raises(Invalid) as refusal:
            consultations.add_signers(school.session, asked(school, plan, "teacher"), wanted, when)
        assert field in refusal.value.errors["people"][0].chinese()
    consultations.add_signers(school.session, asked(school, plan, "teacher"), [school.people["legal"]], When.AFTER)
    with pytest.raises(Invalid, match="有内容需要改"):
        consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["legal"])


def test_who_may_ask(school: School, plan: int) -> None:
    found: dict[str, type | None] = {}
    for name, *_rest in PEOPLE:
        try:
            consultations.delegate(school.session, asked(school, plan, name), school.people["legal"], "请看")
        except (Forbidden, NotFound, Conflict) as refusal:
            found[name] = type(refusal)
        else:
            found[name] = None
            item = items(school, plan)[0].id
            consultations.recall(school.session, Asked(school.actor(name), item))
            claims.release(school.session, Asked(school.actor(name), item))
    sees = {"host", "legal", "admin", "district_admin", "city_admin"}
    may = {"teacher", "member"}
    assert found == {name: None if name in may else Forbidden if name in sees else NotFound for name in found}


def test_signatures_are_never_asked_of_others(school: School) -> None:
    instance = school.start_expense()
    for act in (
        lambda: consultations.delegate(school.session, asked(school, instance, "host"), school.people["member"]),
        lambda: consultations.add_signers(
            school.session, asked(school, instance, "host"), [school.people["member"]], When.AFTER
        ),
    ):
        with pytest.raises(Forbidden, match="签字"):
            act()


def test_what_is_asked_ends_with_the_case(school: School, plan: int) -> None:
    people = [school.people["finance"], school.people["legal"]]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), people, When.BEFORE)
    give(school, "legal", "agree")
    interventions.withdraw(school.session, school.actor("host"), plan, "重写")
    assert todo(school, "finance") == []
    assert {item.status for item in items(school, plan, WorkItemKind.ADDED_BEFORE)} == {"done", "cancelled"}
    assert doctor.examine(school.session) == []


def test_two_signers_at_once_move_the_case_once(database: Engine, school: School, plan: int) -> None:
    people = [school.people["finance"], school.people["legal"]]
    consultations.add_signers(school.session, asked(school, plan, "teacher"), people, When.AFTER)
    give(school, "teacher", "agree")
    clicks = []
    for name in ("finance", "legal"):
        actor, item = school.actor(name), todo(school, name)[0][0]
        given = Completion(task_view(school.session, actor, item).item.revision, "agree")
        clicks.append(
            lambda session, actor=actor, item=item, given=given: completions.complete(session, actor, item, given)
        )
    school.session.rollback()
    assert refusals(at_once(database, *clicks)) == []
    assert len(todo(school, "deputy")) == 1
    finish(school, plan)


def test_an_answer_and_a_recall_at_once_leave_one_of_them(database: Engine, school: School, plan: int) -> None:
    consultations.delegate(school.session, asked(school, plan, "teacher"), school.people["finance"])
    task = items(school, plan)[0]
    recalled = Asked(school.actor("teacher"), task.id, task.revision)
    actor, child = school.actor("finance"), todo(school, "finance")[0][0]
    school.session.rollback()
    answers = at_once(
        database,
        lambda session: consultations.recall(session, recalled),
        lambda session: completions.complete(session, actor, child, Completion(1, "agree")),
    )
    assert set(refusals(answers)) <= {Stale, NotFound}
    assert len(refusals(answers)) == 1
    finish(school, plan)


def test_what_is_refused_after_all_signed_comes_back(school: School) -> None:
    """What the budget held for it is gone while the verdict waits: nothing is stuck, nothing is booked."""
    grant(school, "admin", Role.FINANCE_OFFICER)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    consultations.add_signers(school.session, asked(school, instance, "finance"), [school.people["deputy"]], When.AFTER)
    school.book(instance)
    with writing(school.session):
        money.drop_reservation(school.session, instance)
    give(school, "deputy", "agree")
    assert len(todo(school, "finance")) == 1
    assert case_view(school.session, school.actor("host"), instance).case.status == "running"
    school.act(instance, "finance", "return")
    assert doctor.examine(school.session) == []
