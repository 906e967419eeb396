"""What goes into a parcel: the notifications of a sending that still concern their person, as a channel may tell them."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.queries.notifications import is_current, is_unread
from app.db.sendings import NotificationSetting, Sending, SendingPart
from app.db.work import Notification, WorkItem
from app.services import titles
from app.services.publishing import definitions
from app.services.telling.channels import Item, Parcel
from app.services.telling.notification_links import path_of


class _Row(NamedTuple):
    notification: Notification
    case: ProcessInstance | None
    organization: str | None
    due_at: datetime | None


def parcel_of(session: Session, sending: Sending) -> Parcel | None:
    """Return what a sending carries now, or None where nothing is left to tell or nobody to tell it to."""
    person = sending.person
    address = sending.address or session.scalar(
        select(NotificationSetting.email).where(NotificationSetting.person_id == person.id)
    )
    if not address or not person.is_active:
        return None
    if sending.code is not None:
        return Parcel(sending.token, person.name, address, code=sending.code)
    items = [_item(session, row) for row in _rows(session, sending.id)]
    return Parcel(sending.token, person.name, address, items) if items else None


def _rows(session: Session, sending_id: int) -> Iterator[_Row]:
    query = (
        select(Notification, ProcessInstance, Organization.name, WorkItem.due_at)
        .join(SendingPart, SendingPart.notification_id == Notification.id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Notification.instance_id)
        .outerjoin(Organization, Organization.id == ProcessInstance.organization_id)
        .outerjoin(WorkItem, WorkItem.id == Notification.work_item_id)
        .where(SendingPart.sending_id == sending_id, *is_unread(), is_current())
        .order_by(Notification.id)
    )
    return map(_Row._make, session.execute(query))


def _item(session: Session, row: _Row) -> Item:
    is_restricted = row.case is not None and definitions.of_case(session, row.case).package.manifest.restricted
    return Item(
        kind=row.notification.kind,
        text="" if is_restricted else row.notification.text,
        title=row.case.title if row.case is not None else "",
        organization=row.organization or "",
        due_at=row.due_at,
        path=path_of(row.notification),
        summary=() if row.case is None or is_restricted else tuple(titles.told(row.case.summary)),
    )
