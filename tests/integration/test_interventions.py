"""What people do beside the tasks: who may, what it leaves, and that a case can always be brought to its end."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import BudgetLine
from app.db.people import SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.work import Attachment, Comment, Notification, Signature
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import Role
from app.services import authorizations, doctor, journal
from app.services.acts import interventions
from app.services.reading import comments
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.prepared import (
    database,
    grant,
    operations,
    school,
    start_watched,
)
from tests.integration.school import PEOPLE, School

__all__ = ["database", "operations", "school"]  # fixtures
EVERYONE = [username for username, *_rest in PEOPLE]
# Who sees an expense of the school besides those who have a part in it.
SEE = {"host", "legal", "finance", "admin", "district_finance", "district_admin", "city_auditor", "city_admin"}
ADMINISTER = {"admin", "district_admin", "city_admin"}


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def outcomes(school: School, act: Any) -> dict[str, type | None]:
    """Let everybody try the same; return what each ended in."""
    found: dict[str, type | None] = {}
    for name in EVERYONE:
        try:
            act(school.session, school.actor(name))
            found[name] = None
        except (Conflict, Forbidden, Invalid, NotFound) as refusal:
            found[name] = type(refusal)
    return found


def expected(allowed: set[str], refusal: type) -> dict[str, type | None]:
    return {name: None if name in allowed else refusal if name in SEE else NotFound for name in EVERYONE}


def test_who_may_suspend_and_resume(school: School) -> None:
    instance = school.start_expense()

    def both(session: Session, actor: Any) -> None:
        interventions.suspend(session, actor, instance, "核实票据")
        interventions.resume(session, actor, instance)

    assert outcomes(school, both) == expected(ADMINISTER, Forbidden)


def test_who_may_comment_and_copy(school: School) -> None:
    instance = school.start_expense()
    people = [school.people["teacher"]]

    def comment(session: Session, actor: Any) -> None:
        comments.comment(session, actor, instance, "票据已收到")

    assert outcomes(school, comment) == expected(SEE, Forbidden)
    assert len(school.session.scalars(select(Comment)).all()) == len(SEE)
    interventions.copy(school.session, school.actor("host"), instance, people)
    interventions.copy(school.session, school.actor("legal"), instance, people)
    comments.comment(school.session, school.actor("teacher"), instance, "我看到了")
    ticks.tick(school.session)
    told = select(Notification.text).where(Notification.person_id == people[0])
    assert [text for text in school.session.scalars(told) if "抄送" in text] == [
        f"周敏把“{case_of(school, instance).title}”抄送给您。"
    ]
    with pytest.raises(Invalid):
        interventions.copy(school.session, school.actor("host"), instance, [school.people["other_host"]])
    with pytest.raises(Invalid):
        comments.comment(school.session, school.actor("host"), instance, "  ")


def test_who_may_withdraw_and_cancel(school: School) -> None:
    instance = school.start_expense()

    def withdraw(session: Session, actor: Any) -> None:
        interventions.withdraw(session, actor, instance, "重复了")

    assert outcomes(school, withdraw) == expected({"host"}, Forbidden)
    others = [school.start_expense(number=str(number), amount=100) for number in range(len(ADMINISTER))]

    def cancel(session: Session, actor: Any) -> None:
        interventions.cancel(session, actor, others[-1], "办错了")
        others.pop()

    assert outcomes(school, cancel) == expected(ADMINISTER, Forbidden)
    line = school.session.get_one(BudgetLine, school.line("training"))
    assert (line.reserved, line.booked) == (0, 0)
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_an_ended_case_stays_as_it_is(school: School) -> None:
    instance = school.start_expense()
    interventions.withdraw(school.session, school.actor("host"), instance, "")
    admin = school.actor("admin")
    for act in (interventions.suspend, interventions.cancel):
        with pytest.raises(Conflict, match="已经撤回"):
            act(school.session, admin, instance, "再来")
    with pytest.raises(Conflict):
        interventions.resume(school.session, admin, instance)


def test_what_others_decided_cannot_be_withdrawn(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    with pytest.raises(Conflict):
        interventions.withdraw(school.session, school.actor("host"), instance, "重复了")


@pytest.mark.usefixtures("operations")
def test_nothing_moves_while_a_case_is_suspended(school: School) -> None:
    instance, admin = start_watched(school), school.actor("admin")
    interventions.suspend(school.session, admin, instance, "核实")
    for act in (
        lambda: school.act(instance, "legal", "agree"),
        lambda: interventions.withdraw(school.session, school.actor("teacher"), instance, ""),
        lambda: interventions.suspend(school.session, admin, instance, "再停"),
    ):
        with pytest.raises(Conflict, match="已经暂停"):
            act()
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert ticks.tick(school.session)["timers"] == 0
        assert case_of(school, instance).status == "suspended"
        interventions.resume(school.session, admin, instance)
        assert ticks.tick(school.session)["timers"] == 1
    assert case_of(school, instance).outcome == "late"


def authorize(school: School, *, confirmed: bool = True, **changes: Any) -> None:
    today, people = clock.today(), school.people
    with writing(school.session):
        scan = Attachment(
            id="a" * 32,
            uploaded_by_id=people["admin"],
            name="委托书.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0",
        )
        school.session.add(scan)
        school.session.flush()
        fields = {"from_on": today, "until_on": today + timedelta(days=9), "revoked_at": None} | changes
        found = SigningAuthorization(
            organization_id=school.organizations["school"],
            role=Role.LEGAL_REPRESENTATIVE,
            principal_id=people["legal"],
            deputy_id=people["deputy"],
            attachment_id=scan.id,
            entered_by_id=people["admin"],
            confirmed_by_id=people["legal"] if confirmed else None,
            confirmed_at=clock.now() if confirmed else None,
            **fields,
        )
        school.session.add(found)


def test_a_confirmed_deputy_signs_and_it_can_be_booked(school: School) -> None:
    authorize(school)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    signature = school.session.scalars(select(Signature).where(Signature.element == "legal_sign")).one()
    assert (signature.person_id, signature.position_title) == (school.people["deputy"], "法定代表人（代陈国栋）")
    school.book(instance)
    assert case_of(school, instance).outcome == "booked"


def test_whoever_sees_the_case_reads_the_paper_that_a_deputy_signed_under(school: School) -> None:
    authorize(school)
    paper = school.session.scalars(select(SigningAuthorization.id)).one()
    with pytest.raises(NotFound):
        authorizations.scan_of(school.session, school.actor("finance"), paper)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    for name in ("finance", "host", "city_auditor"):
        assert authorizations.scan_of(school.session, school.actor(name), paper).name == "委托书.pdf"
    for name in ("teacher", "other_finance", "other_legal"):
        with pytest.raises(NotFound):
            authorizations.scan_of(school.session, school.actor(name), paper)


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed": False},
        {"until_on": date(2020, 1, 2), "from_on": date(2020, 1, 1)},
        {"from_on": clock.today() + timedelta(days=1)},
        {"revoked_at": clock.now()},
    ],
    ids=["unconfirmed", "expired", "future", "revoked"],
)
def test_other_deputies_sign_nothing(school: School, changes: dict[str, Any]) -> None:
    authorize(school, **changes)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    with pytest.raises(NotFound):
        school.act(instance, "deputy", "sign")


def test_one_person_in_both_positions_signs_one_and_the_deputy_the_other(school: School) -> None:
    grant(school, "host", Role.LEGAL_REPRESENTATIVE)
    authorize(school)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    with pytest.raises(Forbidden):
        school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    school.book(instance)
    assert case_of(school, instance).outcome == "booked"
