"""A person in every role: at the school of a case, at its neighbour, and at the bureau above both."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.db.absences import Absence
from app.db.base import Base
from app.db.collectives import CollectiveTask
from app.db.desk import OpinionTemplate
from app.db.engine import connect
from app.db.notices import Notice, NoticeName
from app.db.people import ApiToken, Person, Position, SigningAuthorization
from app.db.processes import ProcessDefinition, ProcessVersion
from app.db.rank_reviews import RankReview
from app.db.rounds import Round
from app.db.work import Attachment, Submission
from app.domain import clock
from app.domain.notices import NoticeScope, NoticeStatus
from app.domain.ranks import RankReviewStage
from app.domain.rounds import RoundStage
from app.domain.selections import SheetKind
from app.domain.vocabulary import BUREAU_ROLES, STUDIO_ROLES, Programme, Role
from app.engine.package import load_package
from app.factory import create_app
from app.services import settings as marks
from app.services.selections import sheets
from app.services.timing import calendars
from app.services.transactions import writing
from app.views.database import db
from tests.integration.ballot_world import ballot_of, hire, start_vote
from tests.integration.panel_world import publish, start_panel, task_of
from tests.integration.school import ROOT, School, build
from tests.integration.score_world import opened, panel_of

SINCE = date(2020, 1, 1)
# What counts tries, also those that fail.
COUNTED = ("/sign-in", "/setup", "/verify/", "/profile/password")
# A stream does not end of itself; it says no more than `/notifications/unread`, which is read.
ENDLESS = "/events"
# What stands in the case and in its files, and who has no sight of it.
SECRETS = (
    "研修资料印制",
    "青禾图文",
    "26440826000103847562",
    "4,488",
    "448800",
    "BX-SF01",
    "发票.pdf",
)
STRANGERS = [("sibling", role) for role in Role] + [("own", Role.TEACHER), ("own", Role.MORAL_EDUCATION_OFFICE)]
PLACES = {"own": "school", "sibling": "sibling", "parent": "district"}


@dataclass
class Crowd:
    """The application with a signed-in client for each place and role, and the ids that routes name."""

    app: Flask
    folder: Path
    clients: dict[tuple[str, str], FlaskClient] = field(default_factory=dict)
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[tuple[str, str], int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def send(self, who: tuple[str, str], method: str, path: str, body: object) -> TestResponse:
        """Send one request and undo whatever it changed."""
        is_api = path.startswith("/api/")
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if is_api else {}
        content = _content(is_json=is_api and method != "GET", body=body)
        answer = self.clients[who].open(path, method=method, headers=headers, **content)
        if path != ENDLESS:
            answer.get_data()
        answer.close()
        has_changed = method != "GET" and answer.status_code < 400
        if has_changed or path.startswith(COUNTED):
            self.restore()
            self.sign_in(who)
        return answer

    def sign_in(self, who: tuple[str, str]) -> None:
        """Give a person's client the cookie of a session."""
        with self.clients[who].session_transaction() as cookie:
            cookie["person"], cookie["epoch"] = self.people[who], 0

    def keep(self) -> None:
        """Remember the database as it is."""
        with sqlite3.connect(self.folder / "crowd.sqlite3") as live, sqlite3.connect(self.folder / "kept") as kept:
            live.backup(kept)
        live.close()
        kept.close()

    def restore(self) -> None:
        """Bring the database back to what was remembered."""
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            (self.folder / f"crowd.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copy(self.folder / "kept", self.folder / "crowd.sqlite3")


def told(answer: TestResponse) -> list[str]:
    """Return what an answer in words says of the case that strangers have no sight of."""
    is_read = (answer.mimetype or "").startswith(("text/", "application/json", "application/problem"))
    return [word for word in SECRETS if is_read and word in answer.text]


def _content(body: object, *, is_json: bool) -> dict[str, Any]:
    """Return what is sent: JSON, or the fields of a form; bytes among them are a file."""
    files = {name: value for name, value in body.items() if isinstance(value, bytes)} if isinstance(body, dict) else {}
    if is_json and not files:
        return {"json": body}
    sent = {name: (BytesIO(content), "x.bpmn") for name, content in files.items()}
    return {"data": {**body, **sent} if isinstance(body, dict) else None}


def crowd(folder: Path) -> Iterator[Crowd]:
    """Build the world, yield it, and close it."""
    settings = Settings(f"sqlite:///{folder / 'crowd.sqlite3'}", "0123456789abcdef0123456789abcdef", folder)
    engine = connect(settings.database_url)
    Base.metadata.create_all(engine)
    app = create_app(settings)
    app.testing = True
    app.config["WTF_CSRF_METHODS"] = []  # forged requests are tested elsewhere
    made = Crowd(app, folder)
    with Session(engine) as session:
        school = build(session, settings.attachments_dir)
        _cast(made, school)
        _cases(made, school)
    engine.dispose()
    made.keep()
    yield made
    with app.app_context():
        db.engine.dispose()


def _cast(made: Crowd, school: School) -> None:
    session = school.session
    with writing(session):
        marks.write(session, marks.INSTALLED, value=True)
        for place, organization in PLACES.items():
            for role in Role:
                if (role in BUREAU_ROLES) == (place == "parent"):
                    _person(made, school, (place, role), school.organizations[organization])


def _person(made: Crowd, school: School, who: tuple[str, str], organization: int) -> None:
    place, role = who
    person = Person(username=f"{place}_{role}", name=f"{place}_{role}", password_hash="-")
    school.session.add(person)
    school.session.flush()
    studio = {"own": school.studio, "sibling": school.other_studio}.get(place) if role in STUDIO_ROLES else None
    school.session.add(
        Position(person_id=person.id, organization_id=organization, role=role, studio_id=studio, from_on=SINCE)
    )
    token = made.tokens[who] = f"token-{place}-{role}"
    school.session.add(
        ApiToken(
            person_id=person.id,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            session_epoch=0,
            expires_at=clock.now() + timedelta(hours=1),
        )
    )
    made.clients[who], made.people[who] = made.app.test_client(), person.id
    made.sign_in(who)


def add_round(school: School, instance: int) -> int:
    """Open a round of the school, whose case is any."""
    today = clock.today()
    until = calendars.national().add_working_days(today, 5).on
    found = Round(
        organization_id=school.organizations["school"],
        instance_id=instance,
        title="第二批主持人评选",
        programme=Programme.SCHOOL_STUDIO,
        seats=2,
        term_from=today,
        term_until=today + timedelta(days=700),
        stage=RoundStage.APPLYING,
        dates={"apply_from": today.isoformat(), "apply_until": until.isoformat()},
        settings={},
    )
    with writing(school.session):
        school.session.add(found)
        school.session.flush()
        formula = {"points": 100, "papers": None, "weights": [100, 0], "tie_break": "panel"}
        sheets.keep(school.session, found, SheetKind.HOST, [], formula)
        return found.id


def add_review(school: School, instance: int) -> int:
    """Open a review of the school's ranks, whose case is any."""
    today = clock.today().isoformat()
    found = RankReview(
        organization_id=school.organizations["school"],
        instance_id=instance,
        school_year=2026,
        stage=RankReviewStage.APPLYING,
        dates={"apply_from": today, "apply_until": today, "file_by": today},
    )
    with writing(school.session):
        school.session.add(found)
        school.session.flush()
        return found.id


def _ballot(made: Crowd, school: School) -> int:
    """Start a vote that waits for its scrutineers."""
    names = ("academic_affairs_office", "deputy_principal", "finance_officer")
    places = ("first", "second", "third")
    keepers = {place: made.people["own", name] for place, name in zip(places, names, strict=True)}
    office = hire(school, 1, Role.MORAL_EDUCATION_OFFICE)[0]
    return ballot_of(school.session, start_vote(school, office, **keepers))


def _notice(school: School, instance: int) -> int:
    """Post a notice of the school that names its teacher."""
    place, today = school.organizations["school"], clock.today()
    text = {"title": "名单的公示", "intro": "现予公示。", "signed_by": "领导小组"}
    notice = Notice(
        organization_id=place,
        audience_id=place,
        scope=NoticeScope.SCHOOL,
        instance_id=instance,
        subject="1",
        status=NoticeStatus.POSTED,
        working_days=5,
        draft={**text, "names": []},
        content_hash="0" * 64,
        prepared_by_id=school.people["deputy"],
        released_by_id=school.people["legal"],
        posted_at=clock.now(),
        **text,
    )
    name = NoticeName(person_id=school.people["teacher"], place=1, name="何静", line="")
    name.from_on = name.until_on = today
    notice.names.append(name)
    school.session.add(notice)
    school.session.flush()
    return notice.id


def _cases(made: Crowd, school: School) -> None:
    session = school.session
    school.confirm_budget()
    instance = school.start_expense()
    publish(school, role="homeroom_teacher", secrecy="confidential")
    panel = task_of(session, start_panel(school)).id
    ballot = _ballot(made, school)
    round_ = add_round(school, session.get_one(CollectiveTask, ballot).instance_id)
    review = add_review(school, session.get_one(CollectiveTask, ballot).instance_id)
    scored = panel_of(school, opened(school)).id
    people, scan = school.people, school.upload("admin")
    with writing(session):
        authorization = SigningAuthorization(
            organization_id=school.organizations["school"],
            role=Role.LEGAL_REPRESENTATIVE,
            principal_id=people["legal"],
            deputy_id=people["deputy"],
            from_on=clock.today(),
            until_on=clock.today(),
            attachment_id=scan,
            entered_by_id=people["admin"],
        )
        start = clock.now() + timedelta(days=1)
        absence = Absence(
            organization_id=school.organizations["school"],
            principal_id=people["deputy"],
            substitute_id=people["finance"],
            from_at=start,
            until_at=start + timedelta(days=1),
            entered_by_id=people["deputy"],
        )
        opinion = OpinionTemplate(person_id=people["deputy"], place=0, text="同意。")
        session.add_all([authorization, absence, opinion])
        session.flush()
        held = select(Position.id).where(Position.person_id == people["teacher"])
        file = session.scalars(select(Attachment.id).where(Attachment.instance_id == instance)).one()
        submission = session.scalars(select(Submission.id).where(Submission.instance_id == instance)).one()
        built_in = session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == "expense_approval")).one()
        version = ProcessVersion(
            definition=built_in,
            organization_id=school.organizations["school"],
            number=2,
            title="报销",
            code="BX",
            category="经费",
            content_hash="0" * 64,
            files=dict(load_package(built_in.key, ROOT / "processes", ROOT / "forms").files),
        )
        session.add(version)
        session.flush()
        made.ids = {
            "instance": str(instance),
            "notice": str(_notice(school, instance)),
            "task": str(school.open_item(instance).id),
            "collective": str(panel),
            "ballot": str(ballot),
            "round": str(round_),
            "review": str(review),
            "panel": str(scored),
            "file": file,
            "submission": str(submission),
            "authorization": str(authorization.id),
            "absence": str(absence.id),
            "opinion": str(opinion.id),
            "position": str(session.scalars(held).one()),
            "person": str(people["teacher"]),
            "school": str(school.organizations["school"]),
            "studio": str(school.studio),
            "version": str(version.number),
            "year": str(clock.today().year),
        }
