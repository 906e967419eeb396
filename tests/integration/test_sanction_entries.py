"""A sanction on its way into a file: by two people, seen by nobody else, told to whom it concerns."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.db.people import Position
from app.db.work import Notification
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.vocabulary import Role
from app.services import outbox
from app.services.attention import unheld_lists
from app.services.dossiers import options
from app.services.reading.cases import case_view, instances
from app.services.reading.inbox import Query
from app.services.telling.notices import notify
from tests.integration.dossier_world import add_keepers, live, record_sanction, sanction
from tests.integration.school import School, make_guest


@pytest.fixture
def school(world: School) -> School:
    return add_keepers(world)


def test_a_second_person_confirms_and_the_person_is_told(school: School) -> None:
    entry = record_sanction(school)
    assert (entry.person_id, entry.verified_by_id) == (school.people["teacher"], school.people["deputy"])
    outbox.dispatch(school.session, {"notify": notify})
    own = Notification.person_id == school.people["teacher"]
    told = school.session.scalars(select(Notification).where(own)).one()
    # It may leave by mail: the sentence says nothing of what it is about.
    assert "处分" not in told.text
    assert told.instance_id is None


def test_nobody_sees_the_case_by_office(school: School) -> None:
    instance = sanction(school)
    for name in ("legal", "admin", "clerk", "district_admin", "city_admin", "teacher", "office2", "discipline"):
        with pytest.raises(NotFound):
            case_view(school.session, school.actor(name), instance)
        assert instances(school.session, school.actor(name), Query()).items == []
    for name in ("office", "deputy"):
        assert case_view(school.session, school.actor(name), instance).case.title == "处分登记"


def test_nobody_enters_an_own_sanction_or_one_of_a_stranger(school: School) -> None:
    for name in ("office", "other_office"):
        with pytest.raises(Invalid) as raised:
            sanction(school, name)
        assert list(raised.value.errors) == ["person"]
    with pytest.raises(Forbidden):
        sanction(school, "host", by="teacher")


def test_a_guest_of_a_studio_is_sanctioned_by_the_own_school_only(school: School) -> None:
    make_guest(school, "other_host")
    place = school.organizations["school"]
    offered = options.school_people(school.session, school.actor("office"), place)
    assert school.people["other_host"] not in {option.value for option in offered}
    with pytest.raises(Invalid) as raised:
        sanction(school, "other_host")
    assert list(raised.value.errors) == ["person"]


def test_who_is_concerned_does_not_confirm(school: School) -> None:
    instance = sanction(school, "deputy")
    with pytest.raises(Forbidden):
        school.act(instance, "deputy", "accept")
    assert live(school, "deputy", EntryKind.SANCTION) == []


def test_a_sanction_is_lifted_by_a_correction(school: School) -> None:
    entry = record_sanction(school)
    instance = sanction(school, corrects=entry.id, reason="解除", sanction_until_on="2026-09-02")
    school.act(instance, "deputy", "accept")
    found = live(school, "teacher", EntryKind.SANCTION)
    assert [str(one.until_on) for one in found] == ["2026-09-02"]


def test_a_task_that_nobody_holds_is_not_listed_for_administrators(school: School) -> None:
    # Those who are asked one after the other where the one before is not there.
    offices = Position.role.in_((Role.DEPUTY_PRINCIPAL, Role.PRINCIPAL, Role.BUREAU_CLERK))
    school.session.execute(update(Position).where(offices).values(until_on=clock.today() - timedelta(days=1)))
    school.session.commit()
    assert school.open_item(sanction(school)).is_unheld
    admin = school.actor("admin")
    assert (unheld_lists.listed(school.session, admin), unheld_lists.count(school.session, admin)) == ([], 0)


def test_sanctions_are_offered_only_to_who_sees_them(school: School) -> None:
    entry = record_sanction(school)
    place = school.organizations["school"]
    offered = {
        name: [one.value for one in options.school_sanctions(school.session, school.actor(name), place)]
        for name in ("office", "discipline", "legal", "teacher", "other_office")
    }
    assert offered == {"office": [entry.id], "discipline": [entry.id], "legal": [], "teacher": [], "other_office": []}
