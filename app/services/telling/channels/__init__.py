"""Channels: how a parcel of notifications reaches a person outside the platform. One file a channel.

Notifications themselves are rows that the inbox shows (`services/telling/notifications.py`); what a channel carries is a copy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain.notification_kinds import NotificationKind

MAIL = "mail"


class Cause(StrEnum):
    """Why a parcel could not be delivered, as an administrator is told."""

    UNREACHABLE = "unreachable"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    NO_CHANNEL = "no_channel"
    BUSY = "busy"
    ADDRESS = "address"
    REJECTED = "rejected"
    FAULT = "fault"


class Undeliverable(Exception):
    """The parcel did not arrive; `is_final` where trying again is no use, `is_down` where nothing arrives at present."""

    def __init__(self, cause: Cause, reply_code: int | None = None, *, is_final: bool = False) -> None:
        super().__init__(cause)
        self.cause, self.reply_code, self.is_final = cause, reply_code, is_final

    @property
    def is_down(self) -> bool:
        """Tell whether other parcels would fare the same now."""
        return self.cause in {Cause.UNREACHABLE, Cause.SIGN_IN, Cause.SENDER, Cause.NO_CHANNEL}


@dataclass(frozen=True)
class Item:
    """One notification as a channel tells it; of a restricted case nothing but its title leaves the platform."""

    kind: NotificationKind
    text: str
    # What the case is called, and where: empty where there is no case.
    title: str
    organization: str
    due_at: datetime | None
    # The path of its canonical link, from the root of the site.
    path: str
    # Lines of the case's summary.
    summary: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parcel:
    """What one person is told in one go: notifications, or the code that confirms an address."""

    # The same however often it is sent: a repeat is recognised by it.
    token: str
    person: str
    address: str
    items: Sequence[Item] = ()
    code: str = ""


class Channel(Protocol):
    """A way to reach people outside the platform."""

    def send(self, parcel: Parcel) -> None:
        """Hand one parcel over, within seconds; return once it was taken.

        Raises Undeliverable. It may be asked again for the same parcel after a crash; `token` tells.
        """


Channels = Mapping[str, Channel]
