"""Late tasks: reminded of once each time, put before a position above, answered by the platform where the diagram says so."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.processes import Incident
from app.db.work import Submission, WorkItem
from app.domain import clock
from app.domain.calendar import Calendar
from app.domain.clock import SHANGHAI
from app.domain.errors import Forbidden, NotFound
from app.domain.vocabulary import InstanceStatus, Role
from app.services import completions, doctor, journal
from app.services.acts import interventions
from app.services.acts.returns import Return
from app.services.attention import attentions, escalations
from app.services.completions import Completion
from app.services.reading.cases import case_view, task_view
from app.services.reading.history import timeline
from app.services.timing import calendars, reckonings, ticks
from tests.integration.crowd import at_once, open_item
from tests.integration.late_process import DUE, actions, begin, items, publish, tick, todo, told
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
# A Monday in two weeks of five working days: three working days end on Thursday.
MONDAY = datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)
UP = 'shenpi:escalateTo="principal" shenpi:escalateAfter="2"'


def day(number: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, minute, tzinfo=SHANGHAI)


def start(school: School, first: str, second: str = "", **changes: Any) -> int:
    publish(school, f"{DUE} {first}", second, **changes)
    with clock.frozen(MONDAY):
        return begin(school)


def answer(school: School, instance: int, name: str, verdict: str = "agree") -> None:
    item = open_item(school, instance)
    completions.complete(school.session, school.actor(name), item.id, Completion(item.revision, verdict, comment="好"))


def test_the_usual_reminders_come_on_their_mornings_once_each(school: School) -> None:
    instance = start(school, "")
    for at in (day(4, 8, 59), day(4), day(4, 9, 1), day(5), day(5, 18), day(9), day(12)):
        tick(school, at)
    assert told(school, "finance")[-3:] == [
        "请办理“借用操场”的“核对”：还有 1 个工作日到期（11月5日 周四）。",
        "请办理“借用操场”的“核对”：今天 17:30 到期。",
        "请办理“借用操场”的“核对”：已经超过期限 2 个工作日。",
    ]
    assert actions(school, instance) == ["start", "remind_late", "remind_late", "remind_late"]
    assert items(school, instance)[0].attention_at is None
    assert told(school, "legal") == []
    happened = [
        one.kind for one in timeline(school.session, case_view(school.session, school.actor("teacher"), instance))
    ]
    assert happened.count("remind_late") == 3
    assert list(journal.verify(school.session)) == []


def test_after_downtime_one_reminder_says_how_it_stands_and_none_is_stale(school: School) -> None:
    instance = start(school, 'shenpi:remind="-2 -1 0 1 2 3"')
    tick(school, day(11))
    tick(school, day(12))
    assert actions(school, instance) == ["start", "remind_late"]
    assert told(school, "finance")[-1].endswith("已经超过期限 4 个工作日。")


def test_no_reminders_where_the_diagram_wants_none_and_none_that_would_come_before_the_task(school: School) -> None:
    instance = start(school, 'shenpi:remind="none"')
    tick(school, day(20))
    assert actions(school, instance) == ["start"]
    again = start(school, 'shenpi:remind="-5 9"')
    first = items(school, again)[0]
    assert clock.shanghai(first.attention_at or day(1)) == day(18)


def test_several_ticks_at_once_remind_once(school: School, database: Engine) -> None:
    instance = start(school, "")
    with clock.frozen(day(5)):
        at_once(database, *[ticks.tick] * 4)
    assert actions(school, instance).count("remind_late") == 1
    tick(school, day(5, 9, 1))
    assert len([text for text in told(school, "finance") if "今天 17:30" in text]) == 1


def test_a_late_task_is_put_before_the_position_above_and_its_holder_may_still_do_it(school: School) -> None:
    instance = start(school, UP)
    item = items(school, instance)[0].id
    tick(school, day(9, 17, 29))
    assert item not in todo(school, "legal")
    tick(school, day(9, 17, 31))
    assert item in todo(school, "legal")
    assert item in todo(school, "finance")
    assert told(school, "legal")[-1] == "“借用操场”的“核对”已经超过期限 2 个工作日，升级给您（校长）办理。"
    assert "已升级给校长" in told(school, "finance")[-1]
    assert actions(school, instance)[-1] == "escalate"
    seen = case_view(school.session, school.actor("teacher"), instance)
    assert "escalate" in [one.kind for one in timeline(school.session, seen)]
    for name in ("deputy", "other_legal"):
        assert item not in todo(school, name)
    with pytest.raises(NotFound):
        answer(school, instance, "other_legal")
    answer(school, instance, "legal")
    submission = school.session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()
    assert submission.position_title == "校长"
    assert open_item(school, instance).element == "decide"


def test_the_old_holder_may_act_after_the_escalation(school: School) -> None:
    instance = start(school, UP)
    tick(school, day(10))
    answer(school, instance, "finance")
    assert open_item(school, instance).element == "decide"


def test_where_nobody_holds_the_position_above_the_next_one_up_is_asked(school: School) -> None:
    instance = start(school, 'shenpi:escalateTo="moral_education_director" shenpi:escalateAfter="1"')
    tick(school, day(9))
    assert items(school, instance)[0].escalated_to == Role.DEPUTY_PRINCIPAL


def test_a_signature_is_never_escalated_away_the_position_is_told(school: School) -> None:
    signing = 'shenpi:signature="我已核对。" shenpi:signs="ask"'
    instance = start(school, f"{signing} {UP}", verdicts="sign return")
    item = items(school, instance)[0].id
    tick(school, day(10))
    assert item not in todo(school, "legal")
    assert told(school, "legal")[-1].endswith("请过问：签字仍要由原来的职务来签。")
    with pytest.raises(Forbidden):
        answer(school, instance, "legal", "return")
    assert task_view(school.session, school.actor("finance"), item).signature is not None


def test_the_platform_answers_only_where_the_diagram_says_so_and_says_that_it_did(school: School) -> None:
    instance = start(school, 'shenpi:overdueVerdict="agree" shenpi:overdueAfter="1"')
    tick(school, day(6, 17, 29))
    assert open_item(school, instance).element == "check"
    tick(school, day(6, 17, 30))
    assert open_item(school, instance).element == "decide"
    entry = journal.case_entries(school.session, instance)[-1]
    assert (entry.action, entry.actor_id, entry.actor_title) == ("answer_late", None, "系统")
    assert entry.details["verdict"] == "agree"
    assert entry.details["basis"] == "文件未规定，本单位设定"
    done = items(school, instance)[0]
    assert (done.verdict, done.closed_by_id) == ("agree", None)
    said = timeline(school.session, case_view(school.session, school.actor("teacher"), instance))
    system = next(one for one in said if one.kind == "agree")
    assert system.person == "系统"
    assert system.text == "超时自动办理：已经超过期限 1 个工作日，依据文件未规定，本单位设定。"
    tick(school, day(30))
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_whoever_answers_first_wins_against_the_automatic_verdict(school: School, database: Engine) -> None:
    instance = start(school, 'shenpi:overdueVerdict="agree" shenpi:overdueAfter="0"')
    item = open_item(school, instance)
    revision, actor = item.revision, school.actor("finance")
    school.session.rollback()

    def person(session: Any) -> Any:
        return completions.complete(session, actor, item_id, Completion(revision, "return", comment="请补充"))

    item_id = items(school, instance)[0].id
    school.session.rollback()
    with clock.frozen(day(5, 17, 30)):
        at_once(database, ticks.tick, person, ticks.tick)
    answers = select(Submission).where(Submission.instance_id == instance, Submission.element == "check")
    assert len(list(school.session.scalars(answers))) == 1


def test_a_suspended_case_waits_and_catches_up_once(school: School) -> None:
    instance = start(school, UP)
    interventions.suspend(school.session, school.actor("admin"), instance, "等通知")
    tick(school, day(12))
    assert actions(school, instance) == ["start", "suspend"]
    interventions.resume(school.session, school.actor("admin"), instance)
    tick(school, day(13))
    assert actions(school, instance) == ["start", "suspend", "resume", "escalate"]


def test_a_returned_task_starts_anew(school: School) -> None:
    instance = start(school, UP, f"{DUE} {UP}")
    tick(school, day(10))
    with clock.frozen(day(10, 10)):
        answer(school, instance, "finance")
        item = open_item(school, instance)
        interventions.return_to(school.session, school.actor("deputy"), item.id, Return("check", "请再核对"))
    again = open_item(school, instance)
    assert (again.element, again.escalated_to) == ("check", None)
    assert clock.shanghai(again.attention_at or day(1)) == day(12)


def test_what_breaks_is_kept_as_an_incident_and_not_tried_for_ever(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = start(school, "")

    def broken(*_given: Any) -> None:
        raise RuntimeError("坏了")

    monkeypatch.setattr(escalations, "remind", broken)
    tick(school, day(5))
    incident = school.session.scalars(select(Incident).where(Incident.instance_id == instance)).one()
    assert "坏了" in incident.summary
    assert items(school, instance)[0].attention_at is None
    assert case_view(school.session, school.actor("teacher"), instance).case.status == InstanceStatus.RUNNING
    answer(school, instance, "finance")


def test_a_deadline_that_is_reckoned_again_takes_its_reminders_along(school: School) -> None:
    publish(school, DUE)
    begun = datetime(2031, 12, 30, 9, tzinfo=SHANGHAI)
    with clock.frozen(begun):
        instance = begin(school)
        known = calendars.national()
        new_year = {date(2032, 1, number): False for number in (1, 2)}
        announced = Calendar({**known.holidays, **new_year}, known.known_years | {2031, 2032})
        reckonings.catch_up(school.session, announced)
        school.session.rollback()
        attentions.attend(school.session)
    item = items(school, instance)[0]
    assert clock.shanghai(item.due_at or begun) == datetime(2032, 1, 6, 17, 30, tzinfo=SHANGHAI)
    assert clock.shanghai(item.attention_at or begun) == datetime(2032, 1, 5, 9, tzinfo=SHANGHAI)
    assert actions(school, instance) == ["start"]


def test_a_tick_that_is_killed_before_its_commit_leaves_all_to_the_next(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = start(school, UP)

    def killed(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(journal, "record_case", killed)
        with pytest.raises(KeyboardInterrupt):
            tick(school, day(10))
    assert items(school, instance)[0].escalated_to is None
    tick(school, day(10, 10))
    tick(school, day(10, 11))
    assert actions(school, instance) == ["start", "escalate"]
    assert len([text for text in told(school, "legal") if "升级给您" in text]) == 1


def test_a_new_holder_is_reminded_and_a_leaver_is_not(school: School) -> None:
    start(school, "")
    grant(school, "member", Role.FINANCE_OFFICER)
    tick(school, day(5))
    assert any("今天 17:30" in text for text in told(school, "member"))


def test_the_tick_reads_only_what_is_due(school: School) -> None:
    start(school, "")
    assert tick(school, MONDAY + timedelta(hours=1))["attended"] == 0
    assert school.session.scalar(select(WorkItem.attention_at).limit(1)) is not None
