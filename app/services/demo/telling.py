"""What people of the city were told: what waits is unread, what is older was seen, and one mail did not arrive."""

import secrets

from sqlalchemy import select, update

from app.db.sendings import NotificationSetting, Sending, SendingPart, SendingStatus
from app.db.work import Notification
from app.domain import clock
from app.domain.notification_kinds import NotificationKind
from app.services.demo.world import World
from app.services.telling import notifications, openings
from app.services.telling.channels import MAIL, Cause

SEEN_DAYS = 4
NO_MAILBOX = 550


def tell(world: World) -> None:
    """Tell of all tasks that are open today, and let what came days ago be read."""
    session = world.session
    openings.skip(session, up_to=0)
    openings.tell(session)
    notifications.settle(session)
    is_old = (
        Notification.created_at < clock.at(world.days.back(SEEN_DAYS)),
        Notification.kind.in_({NotificationKind.RESULT, NotificationKind.OTHER}),
    )
    session.execute(update(Notification).where(*is_old).values(read_at=Notification.created_at))
    _set_up(world, "zhoumin", quiet=(22 * 60, 7 * 60))
    _set_up(world, "liuyun")
    _lose_a_mail(world, "liuyun")


def _set_up(world: World, username: str, quiet: tuple[int | None, int | None] = (None, None)) -> None:
    setting = NotificationSetting(person_id=world.people[username], mail_kinds=list(NotificationKind), code_tries=0)
    setting.email, (setting.quiet_from, setting.quiet_until) = f"{username}@songfeng.example", quiet
    world.session.add(setting)


def _lose_a_mail(world: World, username: str) -> None:
    """Leave the mail of a person's last notification with a server that knows no such mailbox."""
    session = world.session
    last = session.scalars(
        select(Notification).where(Notification.person_id == world.people[username]).order_by(Notification.id.desc())
    ).first()
    if last is None:
        return
    sending = Sending(token=secrets.token_hex(16), channel=MAIL, person_id=last.person_id, due_at=last.created_at)
    sending.status, sending.attempts = SendingStatus.FAILED, 1
    sending.cause, sending.reply_code = Cause.ADDRESS, NO_MAILBOX
    sending.created_at = sending.closed_at = last.created_at
    session.add(sending)
    session.flush()
    session.add(SendingPart(sending_id=sending.id, notification_id=last.id))
