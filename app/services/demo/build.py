"""Building the invented city: all of it in one transaction, or nothing."""

from pathlib import Path

from sqlalchemy.orm import Session

from app.domain import clock
from app.services import settings
from app.services.demo import (
    absences,
    budgets,
    changes,
    city,
    corrections,
    desks,
    dossiers,
    entries,
    expenses,
    notices,
    objections,
    old_studios,
    plans,
    reviews,
    rounds,
    rulebook,
    staff,
    studios,
    telling,
    votes,
)
from app.services.demo.days import Days
from app.services.demo.files import load
from app.services.demo.playing import play
from app.services.demo.world import World
from app.services.files.attachments import path_of
from app.services.objections.seals import Seal
from app.services.transactions import writing


def build(session: Session, attachments_dir: Path, secret_key: str) -> None:
    """Fill an empty database with the invented city, mid-course today; does nothing where it already stands.

    The mark that makes it a demo is written last and everything commits at once: an interrupted
    build leaves an empty database, and its files are removed.
    """
    if settings.is_demo(session):
        return
    world = World(session, attachments_dir, Days.until(clock.today()), Seal(secret_key))
    try:
        with writing(session):
            _fill(world)
            settings.write(session, settings.PERSONAS, load("cast")["card"])
            settings.write(session, settings.DEMO, value=True)
    except BaseException:
        for attachment_id in world.files:
            path_of(attachments_dir, attachment_id).unlink(missing_ok=True)
        raise


def _fill(world: World) -> None:
    with clock.frozen(clock.at(world.days.on_or_after(world.school_year), 9)):
        city.found(world)
        hires = staff.hire_all(world)
        hosts = studios.hosts()
        staff.appoint(world, [hire for hire in hires if hire.username not in hosts])
        rulebook.adopt(world)
        studios.found(world)
        # The first position of a person is the one that the person acts in: a host's is the studio.
        staff.appoint(world, [hire for hire in hires if hire.username in hosts])
    told = (
        rulebook.changes,
        dossiers.stories,
        old_studios.stories,
        absences.stories,
        desks.stories,
        budgets.stories,
        corrections.stories,
        expenses.stories,
        plans.stories,
        entries.stories,
        changes.stories,
        reviews.stories,
        rounds.stories,
        notices.stories,
        votes.stories,
        objections.stories,
    )
    play(world, [story for stories in told for story in stories(world)])
    telling.tell(world)
