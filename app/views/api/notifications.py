"""What the platform told the caller, how the caller wants to be told, and what could not be delivered."""

from typing import Annotated, Any

from flask import Response
from pydantic import BeforeValidator, Field

from app.db.work import Notification
from app.domain.errors import Invalid
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services.telling import notification_settings, notifications, undelivered
from app.services.telling.notification_links import path_of
from app.services.telling.undelivered import Undelivered
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, Instant, Paging, Path
from app.views.database import get_session
from app.views.session import current_actor

family = Family("notifications", "通知")
MOST_AT_ONCE = 100
Minute = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="上海时间，如 22:00")]
Kind = Annotated[NotificationKind, Field(strict=False)]


class Wanted(Paging):
    kind: Annotated[NotificationKind | None, BeforeValidator(lambda value: value or None)] = None
    unread: bool = Field(default=False, description="只要没有看过的")


class Told(Answer):
    id: int
    kind: NotificationKind
    text: str
    instance: int | None
    task: int | None
    link: str = Field(description="网页上的地址，从网站的根算起")
    created_at: Instant
    read_at: Instant | None
    handled_at: Instant | None = Field(description="说的待办已经不用本人办理的时刻")


class ToldList(Answer):
    items: list[Told]
    next: str | None


class Unread(Answer):
    unread: int
    kinds: dict[NotificationKind, int]


class Reading(Body):
    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)] | None = None
    all: bool = False


class Settings(Body):
    kinds: list[Kind]
    quiet_from: Minute | None = None
    quiet_until: Minute | None = None


class Address(Body):
    email: Annotated[str, Field(max_length=254)] | None


class Code(Body):
    code: Annotated[str, Field(max_length=20)]


class SettingsSeen(Answer):
    email: str | None
    new_email: str | None = Field(description="发了确认码、还没有确认的邮箱")
    kinds: list[NotificationKind]
    quiet_from: str | None
    quiet_until: str | None


class Failed(Answer):
    id: int
    person: str
    address: str
    cause: str
    reply_code: int | None
    attempts: int
    created_at: Instant
    next_at: Instant | None = Field(description="下一次再试的时刻；为空的不再试")
    kinds: list[NotificationKind]


class FailedList(Answer):
    items: list[Failed]
    next: str | None


@family.get("/notifications", summary="本人的通知，新的在前", responses={OK: ToldList})
def index(query: Wanted) -> Response:
    """Return what the caller was told."""
    found = notifications.notifications(
        get_session(), current_actor(), query.cursor, query.limit, kind=query.kind, only_unread=query.unread
    )
    return listed(map(_told, found.items), found.next)


@family.get("/notifications/unread", summary="没有看过的通知有多少", responses={OK: Unread})
def unread() -> Response:
    """Return how much the caller has not read."""
    return _unread()


@family.post("/notifications/read", summary="标为看过：给出 ids，或者 all 为 true", responses={OK: Unread})
def read(body: Reading) -> Response:
    """Mark some or all as read; another's ids change nothing."""
    session, actor = get_session(), current_actor()
    if (body.ids is None) != body.all:
        raise Invalid.field("ids", N_("请给出 ids，或者让 all 为 true，两样选一样。"))
    if body.ids is None:
        notifications.mark_all(session, actor)
    else:
        notifications.mark_these(session, actor, body.ids)
    return _unread()


@family.get("/notifications/settings", summary="本人的通知设置", responses={OK: SettingsSeen})
def settings() -> Response:
    """Return how the caller wants to be told by mail."""
    return _settings()


@family.put("/notifications/settings", summary="改哪些发邮件、免打扰的时间", responses={OK: SettingsSeen})
def change_settings(body: Settings) -> Response:
    """Keep which kinds are mailed, and the quiet hours; the address needs a code."""
    hours = (_minute(body.quiet_from), _minute(body.quiet_until))
    notification_settings.save(get_session(), current_actor(), body.kinds, *hours)
    return _settings()


@family.put(
    "/notifications/settings/address",
    summary="换邮箱：把确认码发到新的；email 为空的，不再发邮件",
    responses={OK: SettingsSeen},
)
def change_address(body: Address) -> Response:
    """Send a code to a new address, or drop the present one."""
    session, actor = get_session(), current_actor()
    if body.email is None:
        notification_settings.forget_address(session, actor)
    else:
        notification_settings.ask_to_confirm(session, actor, body.email)
    return _settings()


@family.post("/notifications/settings/address/confirm", summary="用收到的确认码确认邮箱", responses={OK: SettingsSeen})
def confirm_address(body: Code) -> Response:
    """Take the address once its code comes back."""
    notification_settings.confirm(get_session(), current_actor(), body.code)
    return _settings()


@family.get(
    "/notifications/undelivered",
    summary="没送到的邮件：流程管理员看本单位，系统管理员看下级",
    responses={OK: FailedList},
)
def failures(query: Paging) -> Response:
    """Return what could not be delivered to whom the caller looks after."""
    found = undelivered.undelivered(get_session(), current_actor(), query.cursor, query.limit)
    return listed(map(_failed, found.items), found.next)


@family.post("/notifications/undelivered/<int:id>/resend", summary="再发一次", responses={OK: FailedList})
def resend(path: Path) -> Response:
    """Try a sending once more."""
    session, actor = get_session(), current_actor()
    undelivered.send_again(session, actor, known(path.id))
    found = undelivered.undelivered(session, actor)
    return listed(map(_failed, found.items), found.next)


def _told(one: Notification) -> Told:
    return Told(
        id=one.id,
        kind=one.kind,
        text=one.text,
        instance=one.instance_id,
        task=one.work_item_id,
        link=path_of(one),
        created_at=one.created_at,
        read_at=one.read_at,
        handled_at=one.handled_at,
    )


def _unread() -> Response:
    kinds = notifications.unread_kinds(get_session(), current_actor())
    return answer(Unread(unread=sum(kinds.values()), kinds=kinds))


def _settings() -> Response:
    found = notification_settings.setting_of(get_session(), current_actor())
    return answer(
        SettingsSeen(
            email=found.email,
            new_email=found.new_email,
            kinds=[NotificationKind(kind) for kind in found.mail_kinds],
            quiet_from=_time(found.quiet_from),
            quiet_until=_time(found.quiet_until),
        )
    )


def _failed(one: Undelivered) -> Failed:
    fields: dict[str, Any] = {name: getattr(one, name) for name in Failed.model_fields}
    return Failed(**{**fields, "kinds": list(one.kinds)})


def _minute(text: str | None) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if text else None


def _time(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
