"""What people read is there, and is Chinese."""

import re
from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.model import Element, Gateway, WaitEvent
from app.engine.problems import Problem

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def check_labels(facts: Facts) -> Iterator[Problem]:
    """Find elements and answers that people see without a Chinese name."""
    if not _CHINESE.search(facts.model.name):
        yield facts.problem(facts.package.key, "label", N_("流程要有中文名称，请填写 name。"))
    for element in facts.model.elements.values():
        if _needs_name(facts, element) and not _CHINESE.search(element.name):
            yield facts.problem(element.id, "label", N_("这个环节要有中文名称，写明做什么。"))
    for task in facts.user_tasks():
        if not _CHINESE.search(task.ask):
            yield facts.problem(task.id, "label", N_("请用一句话写明请办理人做什么：shenpi:ask。"))
    for flow in facts.model.flows:
        if _is_answer(facts, flow.source) and not _CHINESE.search(flow.name):
            yield facts.problem(flow.id, "label", N_("网关后面的连线要有中文名称，例如“退回”。"))


def _needs_name(facts: Facts, element: Element) -> bool:
    if isinstance(element, Gateway):
        return _is_answer(facts, element.id)
    return not isinstance(element, WaitEvent) or element.attached_to is None


def _is_answer(facts: Facts, source: str) -> bool:
    element = facts.model.elements[source]
    return isinstance(element, Gateway) and element.kind == "exclusive" and len(facts.outgoing(source)) > 1
