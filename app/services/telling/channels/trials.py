"""Trying the settings of the mail server with one mail, and saying in a sentence what went wrong."""

import secrets

from app.domain.errors import Conflict, Invalid
from app.domain.mail import is_address
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services.telling.channels import MAIL, Channels, Item, Parcel, Undeliverable
from app.services.telling.channels.causes import CAUSES

WORDS = N_("这是一封测试邮件：发信的设置是对的。")


def send_trial(channels: Channels, address: str) -> None:
    """Send a mail at once. Raises Invalid for what is no address, Conflict with the cause where it was not taken."""
    if not is_address(address):
        raise Invalid.field("email", N_("这不是邮箱地址，请写成 name@example.edu.cn 这样。"))
    if MAIL not in channels:
        raise Conflict(N_("还没有设置发信服务器，请设好 SHENPI_SMTP_HOST 和 SHENPI_SMTP_SENDER 再试。"))
    item = Item(NotificationKind.OTHER, WORDS, "", "", None, "/")
    try:
        channels[MAIL].send(Parcel(secrets.token_hex(16), "", address, [item]))
    except Undeliverable as error:
        raise Conflict(
            N_("没有送出：%(cause)s%(code)s"), cause=CAUSES[error.cause], code=f" {error.reply_code or ''}".rstrip()
        ) from None
