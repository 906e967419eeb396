"""A change of a studio's people as its form was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

DRAFT = "submit_change"


class ChangeKind(StrEnum):
    """What is to change."""

    HOST = "host"
    MEMBERS = "members"
    MENTOR = "mentor"
    END = "end"


@dataclass(frozen=True)
class StudioChange:
    """The start form of `studio_change`; who joins is written by name or username, who leaves is chosen."""

    studio: int | None
    kind: ChangeKind
    from_on: date
    new_host: str
    host_stays: bool
    leaving: tuple[int, ...]
    joining: str
    new_mentor: str


def change_in(values: Mapping[str, Any]) -> StudioChange:
    """Read the change from a case's values; what is missing is empty."""
    draft = values.get(DRAFT) or {}
    return StudioChange(
        studio=draft.get("studio"),
        kind=ChangeKind(draft["kind"]),
        from_on=date.fromisoformat(draft["from_on"]),
        new_host=draft.get("new_host") or "",
        host_stays=bool(draft.get("host_stays")),
        leaving=tuple(draft.get("leaving") or ()),
        joining=draft.get("joining") or "",
        new_mentor=draft.get("new_mentor") or "",
    )
