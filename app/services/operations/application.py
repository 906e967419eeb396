"""An application as its form was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.rounds import ApplicationKind
from app.services.rounds.materials import Listed

DRAFT = "apply"


@dataclass(frozen=True)
class ApplicationDraft:
    """The start form of `host_application`; with whom a member would work is written by name or username."""

    round_id: int
    kind: ApplicationKind
    wished_host: str
    accepts_allocation: bool
    materials: tuple[Listed, ...]


def draft_in(values: Mapping[str, Any]) -> ApplicationDraft:
    """Read the application from a case's values; what is missing is empty."""
    draft = values.get(DRAFT) or {}
    return ApplicationDraft(
        round_id=draft["round"],
        kind=ApplicationKind(draft["kind"]),
        wished_host=(draft.get("wished_host") or "").strip(),
        accepts_allocation=bool(draft.get("accepts_allocation")),
        materials=tuple(_listed(row) for row in draft.get("materials") or ()),
    )


def _listed(row: Mapping[str, Any]) -> Listed:
    return Listed(str(row.get("name") or "").strip(), bool(row.get("is_paper")), row.get("file"))
