"""No diagram sends what only the platform may say."""

from collections.abc import Iterator

from app.domain.platform_messages import PLATFORM_MESSAGES
from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.model import EndEvent, ThrowEvent
from app.engine.problems import Problem


def check_senders(facts: Facts) -> Iterator[Problem]:
    """Find events that send a message of the platform's own; a case that runs on such a diagram is not believed."""
    message = N_(
        "“%(name)s”是平台自己发的消息，流程图不能发，请换一个名称。要等它的，用捕获事件或者边界事件，照旧可以。"
    )
    for event in facts.model.elements.values():
        sending = event.sending if isinstance(event, ThrowEvent | EndEvent) else None
        if sending is not None and sending.message in PLATFORM_MESSAGES:
            yield facts.problem(event.id, "message", message, name=sending.message)
