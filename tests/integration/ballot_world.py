"""A ballot in the small world: an office that opens it, homeroom teachers who vote, three scrutineers."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.ballots import Ballot, BallotSeat
from app.db.collectives import CollectiveTask
from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.engine.package import load_package, package_from_files
from app.services.accounts import passwords
from app.services.accounts.actors import load_actor
from app.services.ballots import counting, openings, votes
from app.services.collective import collective_closings
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.school import PASSWORD, School

NAMES = ("苏眉", "李若涵", "季航", "秦岚")
ROOT = Path(__file__).parents[2]
KEEPERS = ("deputy", "finance", "admin")
PASSPHRASES = {"deputy": "松风 明月 半亩", "finance": "清泉 石上 三更", "admin": "疏影 横斜 暗香"}


def hire(school: School, number: int, role: Role, start: int = 0, where: str = "school") -> list[int]:
    """Make people who hold a role at the school, or elsewhere, and return their ids."""
    since = clock.today() - timedelta(days=30)
    word = passwords.hash_password(PASSWORD)
    people = [
        {"username": f"{role}{start + one}", "name": f"老师{start + one}", "password_hash": word}
        for one in range(number)
    ]
    place = {"organization_id": school.organizations[where], "role": role, "from_on": since}
    with writing(school.session) as session:
        found = list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people))
        session.execute(insert(Position), [{"person_id": person_id, **place} for person_id in found])
    return found


def hand_in(school: School, **inputs: str) -> None:
    """Publish the vote anew: names carry people's ids, and the ballot is called with other values."""
    shipped, ballot = (load_package(key, ROOT / "processes", ROOT / "forms") for key in ("school_vote", "ballot"))
    diagram = shipped.diagram
    for name, value in inputs.items():
        diagram = re.sub(rf' *<shenpi:in name="{name}".*/>\n', "", diagram)
        diagram = diagram.replace("<shenpi:out", f'<shenpi:in name="{name}" value="{value}" />\n<shenpi:out', 1)
    form = json.loads(shipped.files["forms/vote.json"])
    rows = next(one for one in form["components"] if one.get("path") == "names")
    rows["components"].append({"type": "number", "id": "f_id", "key": "id", "label": "编号"})
    files = {**shipped.files, shipped.diagram_file: diagram, "forms/vote.json": json.dumps(form)}
    with writing(school.session) as session:
        definitions.publish_built_in(session, package_from_files(files), {"ballot": ballot})


def start_vote(school: School, office: int, **changes: Any) -> int:
    """Start a vote and return its case."""
    first, second, third = (school.people[name] for name in KEEPERS)
    values = {
        "topic": "2026年优秀班主任",
        "names": [{"name": name, "hint": ""} for name in NAMES],
        "seats": 2,
        "working_days": 3,
        "custody": "scrutineers",
        "first": first,
        "second": second,
        "third": third,
        **changes,
    }
    place = school.organizations["school"]
    return starts.start(school.session, load_actor(school.session, office), "school_vote", place, values).instance


def prepared(school: School, number: int = 6, **changes: Any) -> tuple[int, list[int]]:
    """Start a vote; return the ballot and who will be on the roll, `host` aside."""
    people = hire(school, number, Role.HOMEROOM_TEACHER)
    office = hire(school, 1, Role.MORAL_EDUCATION_OFFICE)[0]
    return ballot_of(school.session, start_vote(school, office, **changes)), people


def opened(school: School, number: int = 6, **changes: Any) -> tuple[int, list[int]]:
    """Start a vote whose scrutineers have set their passphrases."""
    ballot_id, people = prepared(school, number, **changes)
    for name in KEEPERS:
        openings.set_passphrase(school.session, school.actor(name), ballot_id, PASSPHRASES[name])
    return ballot_id, people


def ballot_of(session: Session, instance: int) -> int:
    session.rollback()
    query = select(CollectiveTask.id).where(CollectiveTask.instance_id == instance)
    return session.scalars(query.order_by(CollectiveTask.id.desc()).limit(1)).one()


def member(school: School, person_id: int) -> Actor:
    return load_actor(school.session, person_id)


def vote(school: School, ballot_id: int, person_id: int, *chosen: str) -> str:
    return votes.vote(school.session, member(school, person_id), ballot_id, chosen)


def task_of(school: School, ballot_id: int) -> CollectiveTask:
    school.session.rollback()
    return school.session.get_one(CollectiveTask, ballot_id, populate_existing=True)


def ballot(school: School, ballot_id: int) -> Ballot:
    school.session.rollback()
    return school.session.get_one(Ballot, ballot_id, populate_existing=True)


def end(school: School, ballot_id: int) -> datetime:
    """Let the deadline pass, and return the moment."""
    due_at = task_of(school, ballot_id).due_at
    assert due_at is not None
    moment = due_at + timedelta(minutes=1)
    with clock.frozen(moment):
        collective_closings.sweep(school.session)
    return moment


def count(school: School, ballot_id: int, name: str) -> counting.Counted | None:
    return counting.count(school.session, school.actor(name), ballot_id, PASSPHRASES[name])


def confirm(school: School, ballot_id: int, name: str) -> bool:
    return counting.confirm(school.session, school.actor(name), ballot_id, PASSPHRASES[name])


def counted(school: School, ballot_id: int) -> None:
    """Count with two scrutineers one after the other, and confirm by both."""
    assert count(school, ballot_id, "deputy") is None
    assert confirm(school, ballot_id, "finance") is False
    assert confirm(school, ballot_id, "deputy") is True


def envelopes(school: School, ballot_id: int) -> dict[int, bytes | None]:
    school.session.rollback()
    rows = school.session.execute(
        select(BallotSeat.person_id, BallotSeat.envelope).where(BallotSeat.ballot_id == ballot_id)
    )
    return {person_id: envelope for person_id, envelope in rows}  # noqa: C416 - rows are no pairs to mypy


def items(school: School, ballot_id: int, person_id: int) -> list[WorkItem]:
    school.session.rollback()
    mine = (WorkItem.collective_id == ballot_id) & (WorkItem.assignee_id == person_id)
    return list(school.session.scalars(select(WorkItem).where(mine).order_by(WorkItem.id)))


def case_of(school: School, ballot_id: int) -> ProcessInstance:
    found = task_of(school, ballot_id)
    return school.session.get_one(ProcessInstance, found.instance_id, populate_existing=True)
