"""A line of a case's history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.services.collective.collective_views import Standing
from app.services.messaging.waits import Wait


@dataclass(frozen=True)
class Happening:
    """One line of the timeline: a verdict, an intervention, `waiting`, `void`, `comment`, `taken_back`, `closed` or `recused`."""

    at: datetime
    kind: str
    person: str = ""
    person_id: int | None = None
    position: str = ""
    organization: str = ""
    element: str | None = None
    element_name: str = ""
    text: str | None = None
    submission_id: int | None = None
    content_hash: str | None = None
    # The written authorisation under which a deputy signed.
    authorization_id: int | None = None
    signed_at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    # The task of many people that it belongs to.
    standing: Standing | None = None
    # Whether a return leads straight back after the task that it leads to.
    is_coming_back: bool = False
    # The event that the case waits at.
    wait: Wait | None = None
    # To whom a task was given, or who was asked, urged or sent a copy: names by id.
    people: Mapping[int, str] = field(default_factory=dict)
    # The position that a task was put before.
    given_position: str | None = None
    # What was answered where an opinion was asked.
    opinion: str | None = None
    # Why the case could not go on after the last opinion.
    refused: str | None = None
    # A remark, and whether its writer may still take it back.
    comment_id: int | None = None
    is_fresh: bool = False
    # Whether opinions are waited for, not the task itself.
    is_for_opinion: bool = False

    @property
    def others(self) -> tuple[str, ...]:
        """Return whom it concerned beside the one who acted, in words."""
        position = (self.given_position,) if self.given_position else ()
        return (*self.people.values(), *position)

    @property
    def is_answer(self) -> bool:
        """Tell whether somebody answered a task with a verdict of the diagram."""
        is_of_many = self.standing is not None and self.kind in self.standing.task.verdicts
        return self.submission_id is not None or is_of_many
