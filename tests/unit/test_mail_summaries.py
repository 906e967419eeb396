"""A mail tells the lines of a case's summary, written so that no value becomes a tag."""

from app.domain.notification_kinds import NotificationKind
from app.services.telling.channels import Item, Parcel
from app.services.telling.channels.mail_texts import letter_of


def test_a_mail_tells_the_lines_of_a_summary() -> None:
    lines = ("工作室：周敏工作室", "用途：<b>观摩</b>")
    item = Item(NotificationKind.TASK, "请您签字。", "观摩活动报销", "松风路小学", None, "/tasks/1", lines)
    letter = letter_of(Parcel("t", "陈国栋", "chen@example.cn", [item]), "https://shenpi.example.cn")
    assert "工作室：周敏工作室；用途：<b>观摩</b>\n松风路小学" in letter.text
    assert "用途：&lt;b&gt;观摩&lt;/b&gt;" in letter.html
