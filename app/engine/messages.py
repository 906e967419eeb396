"""Messages between cases, as diagrams write them: names, keys, how far they go, what they carry."""

import re
from typing import Any

import orjson

from app.domain.text import N_
from app.engine.changes import Sent
from app.engine.due_values import Period, read_period
from app.engine.model import Element, EndEvent, MessageEvent, Sending, ThrowEvent
from app.engine.problems import Report, RunError

# Whose cases: of the same organisation, of the one above, of those directly below.
REACHES = ("own", "parent", "children")
LONGEST_KEY = 200
MAX_PAYLOAD = 50_000
LONGEST_LIFE = Period(0, 24)
_NAME = re.compile(r"[a-z][a-z0-9_]{1,62}", re.ASCII)


def key_text(value: object, event: str) -> str:
    """Return a key as it is compared. Raises RunError where there is none: it would match what it should not."""
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    key = str(value).strip() if isinstance(value, str | int | float) else ""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise RunError(N_("“%(event)s”的 shenpi:key 算出来是空的或者太长，消息对不上，请找流程管理员。"), event=event)
    return key


def sent_message(path: str, sending: Sending, key: str, payload: dict[str, Any]) -> Sent:
    """Return the message that an event sends. Raises RunError where it carries too much."""
    if len(orjson.dumps(payload)) > MAX_PAYLOAD:
        raise RunError(N_("消息“%(name)s”带的内容太多，请只带要用的几项。"), name=sending.message)
    return Sent(path, sending.message, key, sending.to, read_period(sending.life) or Period(0), payload)


def check_message(item: Element, report: Report) -> None:
    """Note what an event that sends or awaits a message does not say, or says wrongly."""
    if isinstance(item, MessageEvent):
        _check_address(item.id, item.message, item.key, report)
        if item.origin not in REACHES:
            report.add(item.id, "message", N_("shenpi:from 只能是 own、parent 或者 children。"))
        _check_names(item.id, item.fields, report)
    elif isinstance(item, ThrowEvent | EndEvent) and item.sending is not None:
        _check_address(item.id, item.sending.message, item.sending.key, report)
        if item.sending.to not in REACHES:
            report.add(item.id, "message", N_("shenpi:to 只能是 own、parent 或者 children。"))
        _check_names(item.id, tuple(item.sending.params), report)
        _check_life(item.id, item.sending.life, report)


def _check_address(element: str, message: str, key: str, report: Report) -> None:
    if not message:
        report.add(element, "message", N_("请写明消息的名称 shenpi:message，例如 reply。"))
    elif not _NAME.fullmatch(message):
        words = N_(
            "消息的名称“%(name)s”不能用：以小写字母开头，只用小写字母、数字和下划线，2 到 63 个字符，例如 reply。"
        )
        report.add(element, "message", words, name=message)
    if not key.strip():
        report.add(element, "message", N_("请写明凭什么对上 shenpi:key，例如 submit.number 或者 case.serial。"))


def _check_names(element: str, names: tuple[str, ...], report: Report) -> None:
    if len(set(names)) < len(names):
        report.add(element, "message", N_("消息带的有两项同名，请改成不同的名称。"))
    for name in (one for one in dict.fromkeys(names) if not _NAME.fullmatch(one)):
        words = N_(
            "消息带的“%(name)s”名称不能用：以小写字母开头，只用小写字母、数字和下划线，2 到 63 个字符，例如 amount。"
        )
        report.add(element, "message", words, name=name)


def _check_life(element: str, life: str, report: Report) -> None:
    period = read_period(life)
    if period is None or period.minutes + period.months == 0 or period.months > LONGEST_LIFE.months:
        report.add(element, "message", N_("shenpi:life 要写成 P30D 这样的时长，不超过两年。"))
