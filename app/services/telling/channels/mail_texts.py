"""What a mail says: a subject that asks, then each thing with its deadline, its organisation and its link."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain import clock
from app.domain.notification_kinds import URGENT, NotificationKind
from app.domain.text import N_
from app.services.telling.channels import Item, Parcel
from app.services.texts import day

LONGEST_TITLE = 60
MOST_ITEMS = 20
SUBJECTS: dict[NotificationKind, str] = {
    NotificationKind.TASK: N_("请您办理：%(title)s"),
    NotificationKind.REMINDED: N_("催办，请您办理：%(title)s"),
    NotificationKind.OVERDUE: N_("请看期限：%(title)s"),
    NotificationKind.HANDED: N_("请看转来的事：%(title)s"),
    NotificationKind.MENTIONED: N_("请看留言，有人提到您：%(title)s"),
    NotificationKind.COPIED: N_("请阅：%(title)s"),
    NotificationKind.RESULT: N_("请看结果：%(title)s"),
    NotificationKind.OTHER: N_("请看通知：%(title)s"),
}
SEVERAL = N_("%(subject)s等 %(count)d 件")
NAMELESS = N_("您好：")
GREETING = N_("%(name)s，您好：")
FOOTER = N_("这封邮件由审批平台自动发出，请不要回复。不想收，或者想换时间，请打开：%(url)s")
CODE_SUBJECT = N_("请确认您的邮箱：%(code)s")
CODE_ASKS = N_("请在“通知设置”里填这个确认码：%(code)s。也可以登录后直接打开：%(url)s")
CODE_IGNORE = N_("30 分钟内有效。如果不是您在设置，请不用理会。")
SETTINGS = "/profile/notifications"
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="margin:0;padding:16px;font:16px/1.6 'PingFang SC','Microsoft YaHei',sans-serif;color:#14232b">
{body}
</body></html>
"""


@dataclass(frozen=True)
class Letter:
    """The subject of a mail, and what it says as plain text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class _Paragraph:
    """Lines of a paragraph, then a link of its own line."""

    lines: tuple[str, ...]
    url: str = ""


def letter_of(parcel: Parcel, public_url: str) -> Letter:
    """Write the mail of a parcel."""
    paragraphs = _of_code(parcel, public_url) if parcel.code else _of_items(parcel, public_url)
    subject = CODE_SUBJECT % {"code": parcel.code} if parcel.code else _subject(parcel.items)
    greeting = GREETING % {"name": parcel.person} if parcel.person else NAMELESS
    return Letter(subject, *_written(subject, [_Paragraph((greeting,)), *paragraphs]))


def _of_code(parcel: Parcel, public_url: str) -> list[_Paragraph]:
    asks = CODE_ASKS % {"code": parcel.code, "url": f"{public_url}{SETTINGS}?code={parcel.code}"}
    return [_Paragraph((asks,)), _Paragraph((CODE_IGNORE,))]


def _of_items(parcel: Parcel, public_url: str) -> list[_Paragraph]:
    items = sorted(parcel.items, key=lambda item: item.kind not in URGENT)
    shown = [_Paragraph(tuple(_lines(item)), f"{public_url}{item.path}") for item in items[:MOST_ITEMS]]
    if len(items) > MOST_ITEMS:
        more = N_("还有 %(count)d 件，请打开：") % {"count": len(items) - MOST_ITEMS}
        shown.append(_Paragraph((more,), f"{public_url}/notifications"))
    return [*shown, _Paragraph((FOOTER % {"url": f"{public_url}{SETTINGS}"},))]


def _subject(items: Sequence[Item]) -> str:
    first = min(items, key=lambda item: item.kind not in URGENT)
    title = first.title or first.text
    shown = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    subject = SUBJECTS[first.kind] % {"title": shown}
    return SEVERAL % {"subject": subject, "count": len(items)} if len(items) > 1 else subject


def _lines(item: Item) -> list[str]:
    first = item.text or SUBJECTS[item.kind] % {"title": item.title}
    about = " · ".join(filter(None, [item.organization, _due(item.due_at)]))
    return [line for line in (first, "；".join(item.summary), about) if line]


def _due(due_at: datetime | None) -> str:
    if due_at is None:
        return ""
    local = clock.shanghai(due_at)
    return N_("%(day)s %(time)s 前") % {"day": day(local.date()), "time": f"{local:%H:%M}"}


def _written(title: str, paragraphs: Sequence[_Paragraph]) -> tuple[str, str]:
    text = "\n\n".join("\n".join([*part.lines, *filter(None, [part.url])]) for part in paragraphs)
    body = "\n".join(f"<p>{'<br>'.join([*map(_marked, part.lines), *_link(part.url)])}</p>" for part in paragraphs)
    return f"{text}\n", PAGE.format(title=html.escape(title), body=body)


def _link(url: str) -> list[str]:
    shown = html.escape(url)
    return [f'<a href="{shown}">{shown}</a>'] if url else []


def _marked(line: str) -> str:
    return html.escape(line).replace("\n", "<br>")
