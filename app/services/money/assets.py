"""The register of fixed assets that studios bought, each person in the own scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Asset, Studio
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.domain.identity import Actor
from app.services import pages
from app.services.money import money_scope
from app.services.pages import Page

PAGE = 50


@dataclass(frozen=True)
class AssetView:
    """A fixed asset with where it stands; the amount is the row's total in fen."""

    id: int
    name: str
    quantity: int
    amount: int
    place: str
    acquired_on: date
    studio_name: str
    organization_name: str
    instance_id: int
    serial: str


def assets(
    session: Session, actor: Actor, *, studio_id: int | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[AssetView]:
    """Return the assets that a person may read, the newest first. Raises Forbidden, Invalid."""
    columns = (Asset.id, Asset.name, Asset.quantity, Asset.amount, Asset.place, Asset.acquired_on)
    query = (
        select(*columns, Studio.name, Organization.name, Asset.instance_id, ProcessInstance.serial)
        .join(Studio, Studio.id == Asset.studio_id)
        .join(Organization, Organization.id == Asset.organization_id)
        .join(ProcessInstance, ProcessInstance.id == Asset.instance_id)
        .where(money_scope.ledger_studios(actor))
        .order_by(Asset.id.desc())
    )
    size, last = pages.limit_of(limit, PAGE), pages.decode(cursor, 1)
    if studio_id is not None:
        query = query.where(Asset.studio_id == studio_id)
    if last is not None:
        query = query.where(Asset.id < last[0])
    found: Iterable[Any] = session.execute(query.limit(size + 1))
    rows = [AssetView(*row) for row in found]
    return Page(rows[:size], pages.encode([rows[size - 1].id]) if len(rows) > size else None)
