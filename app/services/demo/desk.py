"""What people of the story do at their desks, through the services that the pages use."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.work import IS_OPEN, WorkItem
from app.domain.vocabulary import Verdict
from app.services import completions
from app.services.acts import interventions
from app.services.acts.returns import Mode, Return
from app.services.completions import Completion
from app.services.demo.staff import DEMO_PASSWORD
from app.services.demo.world import World
from app.services.reading import cases
from app.services.starting import starts


def start(world: World, username: str, process: str, code: str, values: Mapping[str, Any]) -> int:
    """Start a case in an organisation; return its id."""
    actor = world.actor(username)
    return starts.start(world.session, actor, process, world.organizations[code], values).instance


def answer(
    world: World,
    instance: int,
    username: str,
    verdict: str,
    values: Mapping[str, Any] | None = None,
    comment: str | None = None,
) -> None:
    """Complete the case's open work item as a person, with the password where it is a signature."""
    actor = world.actor(username)
    item = _open_item(world, instance)
    asked = cases.task_view(world.session, actor, item.id).signature if verdict == Verdict.SIGN else None
    completions.complete(
        world.session,
        actor,
        item.id,
        Completion(
            revision=item.revision,
            verdict=verdict,
            values=values or {},
            comment=comment,
            password=DEMO_PASSWORD if asked else None,
            content_hash=asked.content_hash if asked else None,
        ),
    )


def send_back(world: World, instance: int, username: str, to: str, reason: str) -> None:
    """Return the case from its open work item, so that it comes straight back to the person."""
    item = _open_item(world, instance)
    asked = Return(to, reason, Mode.BACK, item.revision)
    interventions.return_to(world.session, world.actor(username), item.id, asked)


def _open_item(world: World, instance: int) -> WorkItem:
    found = select(WorkItem).where(WorkItem.instance_id == instance, IS_OPEN)
    return world.session.scalars(found).one()
