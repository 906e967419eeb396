"""Whose an objection is shows nowhere: two worlds that differ in nothing but who objects are the same to everybody.

Two equal schools live through the same objection, raised by one colleague here and by another there. Every row of
every table but the seal and the mark, every answer to everybody but the two and the handler's own page, and every log
line must be the same.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.base import Base
from app.db.engine import connect
from app.db.objections import Objection
from app.db.people import Person
from app.db.work import Notification, WorkItem
from app.domain import clock
from app.factory import create_app
from app.services import settings as marks
from app.services.accounts.actors import load_actor
from app.services.objections import readings
from app.services.timing import ticks
from app.services.transactions import writing
from app.views.database import db
from tests.integration.objection_world import COLLEAGUE, OBJECTOR, RAISED_AT, SECRET, Inquiry
from tests.integration.school import build

# What is drawn by lot, and what hides who objects.
RANDOM = {"password_hash", "verification_code", "code", "sealed", "mark", "request_mark", "request_seal"}
FOLDED = re.compile(r'(name="(?:csrf_token|request)" value=")[^"]+|[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}')


@dataclass
class World:
    """A school after its objection, and the application on it."""

    inquiry: Inquiry
    engine: Engine
    app: Flask
    objection: int
    instance: int

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        found = {}
        with Session(self.engine) as session:
            for table in Base.metadata.sorted_tables:
                columns = [column for column in table.columns if column.name not in RANDOM]
                rows = session.execute(select(*columns).order_by(*table.primary_key.columns)).mappings()
                found[table.name] = [dict(row) for row in rows]
        return found

    def ask(self, person: int, path: str) -> tuple[int, str]:
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["person"], cookie["epoch"] = person, 0
        with clock.frozen(RAISED_AT):
            answer = client.get(path)
        text = FOLDED.sub("", answer.get_data(as_text=True))
        answer.close()
        return answer.status_code, text

    def readers(self) -> list[int]:
        """Return who has a part in it, and offices that read much: everybody but the two of whom one objects."""
        inquiry = self.inquiry
        named = ("host", "legal", "admin", "district_admin")
        parts = (inquiry.handler, inquiry.other_handler, inquiry.reviewer, inquiry.group[1])
        return [*parts, *(inquiry.school.people[name] for name in named)]


def world(folder: Path, objector: str, *, with_files: bool = False) -> Iterator[World]:
    folder.mkdir()
    settings = Settings(f"sqlite:///{folder / 'school.sqlite3'}", SECRET, folder)
    engine = connect(settings.database_url)
    Base.metadata.create_all(engine)
    with Session(engine) as session, clock.frozen(RAISED_AT - timedelta(days=5)):
        with writing(session):
            marks.write(session, marks.INSTALLED, value=True)
        inquiry = Inquiry(build(session, settings.attachments_dir), settings.attachments_dir)
        by = inquiry.objector if objector == OBJECTOR else inquiry.colleague
        files = [inquiry.upload(by, f"{objector}的证书.pdf")] if with_files else []
        objection = inquiry.raise_it(by=by, attachments=files)
        inquiry.investigate(objection)
        inquiry.conclude(objection, "agree")
        inquiry.reply(objection)
        with clock.frozen(RAISED_AT):
            actor = load_actor(session, by)
            readings.mark_read(session, readings.view(session, inquiry.seal, actor, objection.id))
            ticks.tick(session)
        app = create_app(settings)
        app.testing = True
        yield World(inquiry, engine, app, objection.id, objection.instance_id)
        with app.app_context():
            db.engine.dispose()
    engine.dispose()


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    folder = tmp_path_factory.mktemp("twins")
    first, second = world(folder / "first", OBJECTOR), world(folder / "second", COLLEAGUE)
    yield next(first), next(second)
    # The clock of the second was stopped within that of the first.
    for one in (second, first):
        next(one, None)


def test_no_table_tells_whose_it_is(twins: tuple[World, World]) -> None:
    one, other = (each.rows() for each in twins)
    assert {name for name in one if one[name] != other[name]} == set()


def test_what_differs_cannot_be_read_without_the_secret(twins: tuple[World, World]) -> None:
    kept = []
    for each in twins:
        with Session(each.engine) as session:
            kept.append(session.get_one(Objection, each.objection))
            assert OBJECTOR.encode() not in kept[-1].sealed
            assert COLLEAGUE.encode() not in kept[-1].sealed
    assert len(kept[0].sealed) == len(kept[1].sealed)
    assert kept[0].mark != kept[1].mark


def addresses(each: World) -> list[str]:
    with Session(each.engine) as session:
        items = session.scalars(select(WorkItem.id).where(WorkItem.instance_id == each.instance))
        tasks = [f"/tasks/{one}" for one in items]
    case, notice = each.instance, each.inquiry.notice.id
    pages = [f"/cases/{case}", f"/cases/{case}/comments", f"/cases/{case}/diagram", f"/notices/{notice}"]
    pages += [
        "/inbox",
        "/inbox?box=done",
        "/inbox?box=initiated",
        "/notifications",
        "/notices",
        "/unheld",
        "/objections",
    ]
    pages += [f"/inbox?q={OBJECTOR}", f"/inbox?q={COLLEAGUE}", f"/inbox?box=initiated&q={COLLEAGUE}"]
    api = [
        f"/instances/{case}",
        f"/instances/{case}/path",
        f"/journal/{case}",
        "/instances",
        f"/instances?q={OBJECTOR}",
    ]
    api += [f"/instances?q={COLLEAGUE}", "/tasks", "/tasks?box=done", "/notifications", "/objections", "/notices"]
    api += [f"/notices/{notice}", *tasks]
    return [*pages, *tasks, *(f"/api/v1{one}" for one in api)]


def test_no_answer_tells_anybody(twins: tuple[World, World]) -> None:
    one, other = twins
    differ = [
        (person, path)
        for person in one.readers()
        for path in addresses(one)
        if one.ask(person, path) != other.ask(person, path)
    ]
    assert differ == []


def test_only_the_handler_opens_its_page_and_reads_the_name(twins: tuple[World, World]) -> None:
    for each, name in zip(twins, (OBJECTOR, COLLEAGUE), strict=True):
        opened = {person: each.ask(person, f"/objections/{each.objection}") for person in each.readers()}
        assert [person for person, (status, _text) in opened.items() if status == 200] == [each.inquiry.handler]
        assert name in opened[each.inquiry.handler][1]


def test_no_row_names_who_objects_or_the_files(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With evidence, too: neither the name, the words, nor the number of who objects stands outside the person's own rows."""
    with caplog.at_level(logging.DEBUG):
        worlds = world(tmp_path / "files", OBJECTOR, with_files=True)
        made = next(worlds)
    own = {"person", "position", "notification"}
    for table, rows in made.rows().items():
        told = [row for row in rows if OBJECTOR in str(row) or "证书和" in str(row)]
        assert told == [] or table in own, (table, told)
    people = [column for table in Base.metadata.sorted_tables for column in table.columns if _is_person(column)]
    with Session(made.engine) as session:
        for column in people:
            found = session.execute(select(column).where(column == made.inquiry.objector)).first()
            assert found is None or column.table.name in own, column
        told_to = [_told(session, name) for name in (OBJECTOR, COLLEAGUE)]
    assert told_to[0] == told_to[1]
    assert OBJECTOR not in caplog.text
    next(worlds, None)


def _told(session: Session, name: str) -> list[tuple[Any, ...]]:
    query = select(Notification.text, Notification.instance_id, Notification.created_at)
    rows = session.execute(query.join(Person, Person.id == Notification.person_id).where(Person.name == name))
    return [tuple(row) for row in rows]


def _is_person(column: Any) -> bool:
    return any(key.column.table.name == "person" for key in column.foreign_keys)
