"""The files of the invented city's people: consistent with each other, with positions, and with the rule pack."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.registers import DossierEntry, EntryEvidence, HomeroomList, StudioBalance, StudioGrade
from app.db.selections import AppointmentLetter
from app.domain import clock, school_years
from app.domain.dossiers import ENTRY_FORMS, EntryKind, Level, ProfessionalTitle
from app.domain.entry_checks import check_entry
from app.domain.grades import Grade
from app.domain.homeroom_lists import Post
from app.domain.vocabulary import Affiliation, InstanceStatus, Role, StudioLevel
from app.services.accounts.actors import holds_today
from app.services.homeroom.electorates import electorate
from app.services.rulebook.rule_packs import find_pack

Entry = Row[Any]
Files = dict[int, dict[EntryKind, list[Entry]]]
LADDER = find_pack("s4").parameters["rank.ladder"].value
LEVELS, TITLES = list(Level), list(ProfessionalTitle)


@pytest.fixture(scope="module")
def files(city) -> Files:
    """All live entries by person and kind, read once as plain rows, the oldest first."""
    live = DossierEntry.replaced_at.is_(None) & ~DossierEntry.is_void
    query = select(*table_of(DossierEntry).c, Organization.affiliation).join(
        Organization, Organization.id == DossierEntry.organization_id
    )
    found: Files = defaultdict(lambda: defaultdict(list))
    for entry in city[0].execute(query.where(live).order_by(DossierEntry.from_on, DossierEntry.id)):
        found[entry.person_id][entry.kind].append(entry)
    city[0].rollback()
    return found


def entries(files: Files, *kinds: EntryKind) -> Iterator[Entry]:
    return (entry for file in files.values() for kind, found in file.items() if kind in kinds for entry in found)


def ended(service: Entry) -> date:
    return service.until_on or clock.today()


def person(session: Session, username: str) -> int:
    return session.scalars(select(Person.id).where(Person.username == username)).one()


def held_on(file: dict[EntryKind, list[Entry]], kind: EntryKind, on: date) -> list[Entry]:
    return [entry for entry in file[kind] if entry.from_on <= on]


def height(entry: Entry) -> int:
    return LEVELS.index(Level(str(entry.level)))


def title_height(entry: Entry) -> int:
    return TITLES.index(ProfessionalTitle(str(entry.category)))


def years_on(file: dict[EntryKind, list[Entry]], on: date) -> int:
    """Count completed years with nobody's help: each of these services is a school year."""
    return sum(service.until_on is not None and service.until_on <= on for service in file[EntryKind.SERVICE])


def test_everybody_who_teaches_has_a_file_over_several_years(session, files):
    teachers = set(session.scalars(select(Position.person_id).where(Position.role == Role.TEACHER)))
    assert teachers <= set(files)
    for person_id in teachers:
        assert len(files[person_id][EntryKind.EMPLOYMENT]) == 1
    years = [entry.from_on.year for entry in entries(files, EntryKind.SERVICE)]
    assert max(years) - min(years) >= 15
    served = Counter(len(file[EntryKind.SERVICE]) for file in files.values())
    assert len(served) >= 10
    assert set(EntryKind) == {kind for file in files.values() for kind in file}


def test_every_entry_keeps_the_rules_of_its_form(session, files):
    for entry in entries(files, *EntryKind):
        told = {column: getattr(entry, column) for column in ENTRY_FORMS[entry.kind].labels}
        assert check_entry(entry.kind, told, clock.today()).errors == {}, (entry.person_id, told)
        assert entry.entered_at <= entry.verified_at < clock.now()
        assert entry.verified_by_id != entry.person_id
        known_on = ended(entry) if entry.kind == EntryKind.TRAINING else entry.from_on
        assert known_on <= clock.shanghai(entry.entered_at).date() + timedelta(days=31)


def test_nobody_serves_twice_at_once_and_no_class_is_led_by_two(session, files):
    led: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for file in files.values():
        services = file[EntryKind.SERVICE]
        for one, other in pairwise(services):
            assert ended(one) < other.from_on
        for service in services:
            assert service.from_on >= file[EntryKind.EMPLOYMENT][0].from_on
            if service.category == "full":
                led[service.school_id, service.class_name].append(service)
    for services in led.values():
        services.sort(key=lambda service: service.from_on)
        for one, other in pairwise(services):
            assert ended(one) < other.from_on, (one.class_name, one.person_id, other.person_id)


def test_services_agree_with_positions(session, files):
    came = {
        (position.person_id, position.organization_id): position.from_on
        for position in session.scalars(select(Position).where(Position.role == Role.TEACHER))
    }
    for service in entries(files, EntryKind.SERVICE):
        if (service.person_id, service.school_id) in came:
            assert service.from_on >= came[service.person_id, service.school_id]
        assert service.issuer
    posts = {Role.HOMEROOM_TEACHER: "full", Role.ASSISTANT_HOMEROOM_TEACHER: "assistant"}
    held = {
        (position.person_id, position.organization_id, posts[position.role])
        for position in session.scalars(select(Position).where(Position.role.in_(posts), holds_today()))
    }
    running = [service for service in entries(files, EntryKind.SERVICE) if service.until_on is None]
    assert {(one.person_id, one.school_id, one.category) for one in running} == held
    assert len(running) == len(held)


def test_titles_and_ranks_rise_and_ranks_follow_the_ladder(session, files):
    for file in files.values():
        titles = [title_height(entry) for entry in file[EntryKind.TITLE]]
        assert titles == sorted(set(titles))
        places = [place_on_ladder(rank) for rank in file[EntryKind.RANK]]
        assert places == list(range(places[0], places[0] + len(places))) if places else True
        for number, rank in enumerate(file[EntryKind.RANK]):
            assert_deserved(file, rank, is_first=number == 0)


def place_on_ladder(rank: Entry) -> int:
    return next(place for place, row in enumerate(LADDER) if row["rank"] == rank.category)


def assert_deserved(file: dict[EntryKind, list[Entry]], rank: Entry, *, is_first: bool) -> None:
    row, as_of = LADDER[place_on_ladder(rank)], date(rank.from_on.year, 8, 31)
    assert years_on(file, as_of) >= row["years_from"] + (row["holds"] is not None)
    title = row["title"] or ("senior" if is_first else "none")
    assert max(map(title_height, held_on(file, EntryKind.TITLE, as_of))) >= TITLES.index(ProfessionalTitle(title))
    is_direct = rank.affiliation != Affiliation.DISTRICT
    wanted = row["honour_direct" if is_direct else "honour"]
    honours = [entry for entry in held_on(file, EntryKind.HONOUR, as_of) if entry.category != "other"]
    assert wanted is None or max(height(entry) for entry in honours) >= LEVELS.index(wanted)


def test_hosts_and_members_of_city_studios_fulfil_the_scheme(session, files):
    for studio in session.scalars(select(Studio).where(Studio.level == StudioLevel.CITY)):
        posts = session.scalars(select(Position).where(Position.studio_id == studio.id)).all()
        before = studio.from_on - timedelta(days=1)
        host = next(files[post.person_id] for post in posts if post.role == Role.STUDIO_HOST)
        assert years_on(host, before) >= 6
        assert ended(host[EntryKind.EMPLOYMENT][0]) >= studio.from_on + timedelta(days=3 * 366)
        assert any(
            entry.category == "homeroom" and height(entry) >= LEVELS.index(Level.CITY)
            for entry in held_on(host, EntryKind.HONOUR, before)
        )
        levels = [height(entry) for entry in held_on(host, EntryKind.CLASS_HONOUR, before)]
        assert max(levels) >= LEVELS.index(Level.DISTRICT)
        levels = [height(entry) for entry in held_on(host, EntryKind.PROJECT, before)]
        assert max(levels) >= LEVELS.index(Level.CITY)
        for post in posts:
            if post.role == Role.STUDIO_MEMBER:
                assert years_on(files[post.person_id], before) >= 3


def test_people_everybody_knows_have_evidence(session, files):
    proven = select(Person.username).join(DossierEntry, DossierEntry.person_id == Person.id).join(EntryEvidence)
    assert {"zhoumin", "sumei", "hejing", "guxiaolan"} <= set(session.scalars(proven))
    assert len(files[person(session, "zhoumin")][EntryKind.RANK]) == 2


def test_earlier_studios_are_over_graded_and_belong_to_who_led_classes_then(session, files):
    earlier = session.scalars(select(Studio).where(Studio.until_on < clock.today())).all()
    assert len(earlier) == 2
    for studio in earlier:
        for post in session.scalars(select(Position).where(Position.studio_id == studio.id)):
            services = files[post.person_id][EntryKind.SERVICE]
            assert any(one.from_on <= studio.from_on and one.school_id == studio.organization_id for one in services)
            assert post.until_on == studio.until_on
        assert session.scalar(select(StudioBalance.as_of).where(StudioBalance.studio_id == studio.id))
    graded = session.scalars(select(StudioGrade.studio_id)).all()
    founded_lately = select(AppointmentLetter.studio_id)
    assert set(graded) == set(session.scalars(select(Studio.id).where(Studio.id.not_in(founded_lately))))
    assert set(session.scalars(select(StudioGrade.grade))) <= {grade.value for grade in Grade}


def test_one_sanction_bars_somebody_who_leads_no_class(session, files):
    sanction = next(entries(files, EntryKind.SANCTION))
    assert [sanction] == list(entries(files, EntryKind.SANCTION))
    assert all(one.until_on is not None for one in files[sanction.person_id][EntryKind.SERVICE])
    assert sanction.instance_id is not None
    assert sanction.entered_by_id != sanction.verified_by_id


def test_lists_of_two_school_years_are_confirmed_and_one_changed_since(session):
    lists = session.scalars(select(HomeroomList).order_by(HomeroomList.id)).all()
    year = school_years.school_year_of(clock.today())
    revisions = Counter((one.school_year, one.revision) for one in lists)
    assert revisions == {(year - 1, 1): 3, (year, 1): 3, (year, 2): 1}
    for one in lists:
        led = [row.class_name for row in one.rows if row.category == Post.FULL]
        assert len(led) == len(set(led))
        assert {row.person_id for row in one.rows} == {
            line.person_id for line in electorate(session, one.organization_id, one.from_on, with_assistants=True)
        }


def test_entries_were_corrected_refused_and_wait(session):
    corrected = session.scalars(select(DossierEntry).where(DossierEntry.corrects_id.is_not(None)))
    assert EntryKind.PUBLICATION in {entry.kind for entry in corrected}
    cases = session.execute(
        select(ProcessInstance.status, ProcessInstance.outcome).where(ProcessInstance.process_key == "dossier_entry")
    )
    assert Counter(map(tuple, cases)) == {
        (InstanceStatus.RUNNING, None): 4,
        (InstanceStatus.COMPLETED, "recorded"): 2,
        (InstanceStatus.COMPLETED, "refused"): 1,
    }
