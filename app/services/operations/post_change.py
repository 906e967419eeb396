"""A hand-over of posts as its form was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.vocabulary import Role

DRAFT = "submit_change"
# Who may not be replaced without the bureau above.
HEADS = frozenset({Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE, Role.LEADERSHIP_GROUP_LEADER})


@dataclass(frozen=True)
class PostChange:
    """The start form of `post_change`; the successor is written by name or username."""

    leaver: int | None
    posts: tuple[Role, ...]
    successor: str
    from_on: date
    leaves_school: bool

    @property
    def is_head(self) -> bool:
        """Tell whether the school's head is replaced."""
        return not HEADS.isdisjoint(self.posts)


def change_in(values: Mapping[str, Any]) -> PostChange:
    """Read the hand-over from a case's values; what is missing is empty."""
    draft = values.get(DRAFT) or {}
    return PostChange(
        leaver=draft.get("leaver"),
        posts=tuple(Role(post) for post in draft.get("posts") or ()),
        successor=draft.get("successor") or "",
        from_on=date.fromisoformat(draft["from_on"]),
        leaves_school=bool(draft.get("leaves_school")),
    )
