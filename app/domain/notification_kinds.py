"""The kinds of notifications: what a person may choose to get by e-mail, and what does not wait."""

from enum import StrEnum

from app.domain.text import N_


class NotificationKind(StrEnum):
    """Why a person is told something."""

    TASK = "task"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    HANDED = "handed"
    MENTIONED = "mentioned"
    COPIED = "copied"
    RESULT = "result"
    OTHER = "other"


KIND_TITLES: dict[NotificationKind, str] = {
    NotificationKind.TASK: N_("有事等您办理"),
    NotificationKind.REMINDED: N_("催办"),
    NotificationKind.OVERDUE: N_("快到期、已超时"),
    NotificationKind.HANDED: N_("转办、委派、加签"),
    NotificationKind.MENTIONED: N_("留言里提到您"),
    NotificationKind.COPIED: N_("抄送给您"),
    NotificationKind.RESULT: N_("退回和办理结果"),
    NotificationKind.OTHER: N_("其他"),
}
# They ask their reader to act: moot as soon as the task is another's.
ASKING = frozenset({NotificationKind.TASK, NotificationKind.REMINDED})
# They do not wait for others to go along in one mail.
URGENT = frozenset({NotificationKind.REMINDED, NotificationKind.OVERDUE})
