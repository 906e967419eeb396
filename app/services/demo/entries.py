"""The stories of entries in files: verified, corrected, returned, refused, waiting; and one sanction."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.db.registers import DossierEntry
from app.domain import clock
from app.services.demo import desk, papers
from app.services.demo.diary import Diary
from app.services.demo.files import load
from app.services.demo.papers import Paper
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.dossiers.files import file_of

Told = Mapping[str, Any]
COLUMNS = ("title", "category", "level", "issuer")
# Which of those in the office goes on.
OFFICE = {"office": 0, "second": 1}
DAYS_A_MONTH = 30


def stories(world: World) -> list[Story]:
    """Return the stories of all entries and of the sanction."""
    told = load("entries")
    entries = (_entry(world, entry) for entry in told["entry"])
    return [*entries, _sanction(world, told["sanction"]), *(_look(world, look) for look in told["look"])]


def _look(world: World, told: Told) -> Story:
    """Let somebody open another's file, who is told of it."""
    yield Diary(world, told["back"]).next("office")
    file_of(world.session, world.actor(told["by"]), world.people[told["at"]])


def _entry(world: World, told: Told) -> Story:
    diary = Diary(world, told["back"])
    yield diary.next("author")
    instance = desk.start(world, told["username"], "dossier_entry", told["school"], _values(world, told))
    for step in told.get("steps", ()):
        yield diary.next(step["who"], step["after"])
        person = world.posts[told["school"], "office"][OFFICE[step["who"]]]
        desk.answer(world, instance, person, step["does"], comment=step["says"])


def _values(world: World, told: Told) -> dict[str, Any]:
    corrected = _entry_of(world, told) if "corrects" in told else None
    on = corrected.from_on if corrected else _day(told)
    particulars = {**_columns(told), "from_on": on.isoformat()}
    if told["kind"] == "class_honour":
        particulars["class_name"] = _class_of(world, told["username"])
    values = {f"{told['kind']}_{column}": value for column, value in particulars.items()}
    name = world.names[told["username"]]
    paper = papers.hand_in(world, told["username"], Paper(name, told["title"], told["issuer"], on))
    filled = {"kind": told["kind"], **values, "evidence": [paper.id]}
    return {**filled, "corrects": corrected.id, "reason": told["reason"]} if corrected else filled


def _sanction(world: World, told: Told) -> Story:
    """Let somebody of the discipline committee enter a teacher's sanction, and the deputy principal confirm it."""
    diary, school = Diary(world, told["back"]), told["school"]
    author, concerned = world.holder(school, "discipline"), world.holder(school, "teacher")
    yield diary.next("author")
    on = _day(told)
    decision = Paper(world.names[concerned], told["title"], told["issuer"], on, "处分决定书")
    values = {
        "person": world.people[concerned],
        **{f"sanction_{column}": value for column, value in _columns(told).items()},
        "sanction_from_on": on.isoformat(),
        "sanction_until_on": (on + timedelta(days=DAYS_A_MONTH * told["months"])).isoformat(),
        "evidence": [papers.hand_in(world, author, decision).id],
    }
    instance = desk.start(world, author, "sanction_entry", school, values)
    yield diary.next("deputy", after=1)
    desk.answer(world, instance, world.holder(school, "deputy"), "accept")


def _columns(told: Told) -> dict[str, Any]:
    return {column: told[column] for column in COLUMNS if column in told}


def _day(told: Told) -> date:
    return clock.today() - timedelta(days=told["ago"])


def _entry_of(world: World, told: Told) -> DossierEntry:
    """Return the live entry of a person that is to be corrected, by its title."""
    own = (DossierEntry.person_id == world.people[told["username"]], DossierEntry.title == told["corrects"])
    return world.session.scalars(select(DossierEntry).where(*own, DossierEntry.replaced_at.is_(None))).one()


def _class_of(world: World, username: str) -> str:
    """Return the class that a person leads on the day."""
    running = select(DossierEntry.class_name).where(
        DossierEntry.person_id == world.people[username],
        DossierEntry.class_name != "",
        DossierEntry.until_on.is_(None),
        DossierEntry.kind == "service",
        DossierEntry.replaced_at.is_(None),
    )
    return world.session.scalars(running).one()
