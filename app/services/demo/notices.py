"""The story of a public notice that has hung on the board for two working days: today is its third."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.db.notices import Notice
from app.domain import clock
from app.services.demo import desk, invoices
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.files import attachments
from app.services.notices import drafts, proofs
from app.services.notices.drafts import Typed

Told = Mapping[str, Any]
# Writing, releasing and photographing, on the day of posting and the two before.
WRITTEN, RELEASED, PROVEN = (15, 10), (16, 5), (16, 20)


def stories(world: World) -> list[Story]:
    """Return the one story of a notice."""
    return [_story(world, load("notices")["notice"])]


def _story(world: World, told: Told) -> Story:
    school, posted = told["school"], world.days.back(told["posted"])
    writer, leader = world.holder(school, "office"), world.holder(school, "principal")
    yield clock.at(world.days.back(told["posted"] + 2), *WRITTEN)
    instance = desk.start(world, writer, "school_notice", school, _values(world, told, posted))
    yield clock.at(world.days.back(told["posted"] + 1), *WRITTEN)
    _sign(world, writer, instance, told["signed_by"])
    desk.answer(world, instance, writer, "submit")
    yield clock.at(posted, *RELEASED)
    desk.answer(world, instance, leader, "accept")
    yield clock.at(posted, *PROVEN)
    _prove(world, writer, _notice(world, instance), told["board"])


def _values(world: World, told: Told, posted: date) -> dict[str, Any]:
    homeroom = world.posts[told["school"], "homeroom"]
    rows = [{"id": world.people[homeroom[place]], "line": line} for place, line in told["names"]]
    texts = {name: told[name].strip().format(year=posted.year) for name in ("title", "intro")}
    return {**texts, "names": rows}


def _sign(world: World, writer: str, instance: int, signed_by: str) -> None:
    notice = _notice(world, instance)
    typed = Typed(notice.title, notice.intro, signed_by, {})
    drafts.rewrite(world.session, world.actor(writer), notice.id, typed, notice.revision)


def _prove(world: World, writer: str, notice: Notice, board: str) -> None:
    """Hand in a picture of the board, drawn and marked as a sample."""
    names = "、".join(name.name for name in notice.names)
    lines = (notice.organization.name, notice.title, names, notice.signed_by, "本图为演示样张，不是真实照片。")
    drawn = BytesIO(invoices.draw(lines, "png"))
    kept = attachments.store(world.session, world.folder, world.actor(writer), f"{board}.png", drawn)
    world.files.append(kept.id)
    proofs.add_proof(world.session, world.actor(writer), notice.id, kept.id, board)


def _notice(world: World, instance: int) -> Notice:
    return world.session.scalars(select(Notice).where(Notice.instance_id == instance)).one()
