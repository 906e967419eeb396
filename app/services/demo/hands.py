"""What people of the story do with a task beside answering it: claim, transfer, ask, copy, urge."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.db.work import IS_OPEN, WorkItem
from app.domain.vocabulary import WorkItemKind
from app.services import completions
from app.services.acts import claims, consultations, interventions, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.completions import Completion
from app.services.demo.world import World
from app.services.reading import cases

Told = Mapping[str, Any]


def do(world: World, instance: int, username: str, told: Told) -> None:
    """Let a person do what a step tells; `asks` names whom it concerns."""
    DOES[told["does"]](world, instance, username, told)


def _asked(world: World, instance: int, username: str) -> Asked:
    is_task = WorkItem.kind == WorkItemKind.TASK
    item = world.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == instance, IS_OPEN, is_task)).one()
    return Asked(world.actor(username), item)


def _claim(world: World, instance: int, username: str, told: Told) -> None:
    del told
    claims.claim(world.session, _asked(world, instance, username))


def _transfer(world: World, instance: int, username: str, told: Told) -> None:
    transfers.transfer(world.session, _asked(world, instance, username), _people(world, told)[0], told["says"])


def _delegate(world: World, instance: int, username: str, told: Told) -> None:
    consultations.delegate(world.session, _asked(world, instance, username), _people(world, told)[0], told["says"])


def _add_signers(world: World, instance: int, username: str, told: Told) -> None:
    asked = _asked(world, instance, username)
    consultations.add_signers(world.session, asked, _people(world, told), When(told["when"]), told["says"])


def _give_opinion(world: World, instance: int, username: str, told: Told) -> None:
    actor = world.actor(username)
    mine = select(WorkItem).where(
        WorkItem.instance_id == instance,
        IS_OPEN,
        WorkItem.assignee_id == actor.person_id,
        WorkItem.parent_id.is_not(None),
    )
    item = world.session.scalars(mine).one()
    given = Completion(item.revision, told["opinion"], comment=told["says"])
    completions.complete(world.session, actor, item.id, given)


def _copy(world: World, instance: int, username: str, told: Told) -> None:
    people = told["asks"]
    interventions.copy(world.session, world.actor(username), instance, [world.people[one] for one in people])
    cases.mark_read(world.session, world.actor(people[0]), instance)


def _remind(world: World, instance: int, username: str, told: Told) -> None:
    del told
    interventions.remind(world.session, world.actor(username), instance)


def _people(world: World, told: Told) -> list[int]:
    return [world.people[one] for one in told["asks"]]


DOES: dict[str, Callable[[World, int, str, Told], None]] = {
    "claim": _claim,
    "transfer": _transfer,
    "delegate": _delegate,
    "add_signers": _add_signers,
    "give_opinion": _give_opinion,
    "copy": _copy,
    "remind": _remind,
}
