"""The attributes and children of our own namespace, by the kind of element that may carry them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.domain.text import N_
from app.engine.markers import MARKER
from app.engine.problems import Report
from app.engine.xml import BPMN, SHENPI

# What a secret ballot says beside the rest.
BALLOT = frozenset({"choices", "seats", "places", "scrutineers", "custody", "extend", "assistantsVote", "voteChange"})
# What a panel says that scores candidates.
PANEL = frozenset({"candidates", "criteria"})
# Only on a user task with the multi-instance marker.
COLLECTIVE = frozenset({"closing", "quorum", "majority", "secrecy", "reasons", "about", "among"}) | BALLOT | PANEL
# What happens around the deadline, and who does a task that its position cannot.
OVERDUE = frozenset({"remind", "escalateTo", "escalateAfter", "overdueVerdict", "overdueAfter"})
HANDLING = frozenset({"unheld", "initiator", "repeated"})
# What any user task may say of itself.
USER_TASK = (
    "role",
    "of",
    "person",
    "form",
    "edits",
    "verdicts",
    "due",
    "distinctFrom",
    "signature",
    "signs",
    "ask",
    "next",
    "reads",
    "returns",
)
ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "startEvent": frozenset({"form", "roles", "of"}),
        "userTask": frozenset(USER_TASK) | COLLECTIVE | OVERDUE | HANDLING,
        "serviceTask": frozenset({"operation"}),
        "businessRuleTask": frozenset({"decision"}),
        "intermediateCatchEvent": frozenset({"due"}),
        "boundaryEvent": frozenset({"due"}),
    }
)
_SENDING, _AWAITING = frozenset({"message", "key", "to", "life"}), frozenset({"message", "key", "from", "fields"})
# What an event with a message says instead.
MESSAGE_EVENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "intermediateThrowEvent": _SENDING,
        "endEvent": _SENDING,
        "intermediateCatchEvent": _AWAITING,
        "boundaryEvent": _AWAITING,
    }
)
ANYWHERE = frozenset({"clause"})
CHILDREN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "serviceTask": frozenset({"param"}),
        "businessRuleTask": frozenset({"param"}),
        "callActivity": frozenset({"in", "out"}),
        "intermediateThrowEvent": frozenset({"param"}),
        "endEvent": frozenset({"param"}),
    }
)
_LISTS = frozenset({"roles", "verdicts", "distinctFrom", "signs", "fields", "reads", "reasons"})
_FIELDS = {
    "distinctFrom": "distinct_from",
    "from": "origin",
    "escalateTo": "escalate_to",
    "escalateAfter": "escalate_after",
    "assistantsVote": "assistants_vote",
    "voteChange": "vote_change",
    "overdueVerdict": "verdict",
    "overdueAfter": "verdict_after",
}


def check_attributes(node: Any, report: Report) -> None:
    """Note every attribute and child of our namespace that this kind of element does not know."""
    kind = node.tag.removeprefix(BPMN)
    has_message = node.find(f"{BPMN}messageEventDefinition") is not None
    known = (MESSAGE_EVENTS if has_message else ALLOWED).get(kind, frozenset()) | ANYWHERE
    for name in _own(node.attrib):
        if name not in known:
            report.add(node.get("id"), "attribute", N_("这种环节没有属性 shenpi:%(name)s，请删去。"), name=name)
        elif name in COLLECTIVE and node.find(MARKER) is None:
            message = N_("shenpi:%(name)s 只用在多人办理的任务上：请加上并行的多实例标记，或者删去它。")
            report.add(node.get("id"), "attribute", message, name=name)
    for child in node.findall(f"{BPMN}extensionElements/{SHENPI}*"):
        name = child.tag.removeprefix(SHENPI)
        is_known = name in CHILDREN.get(kind, frozenset()) and (kind != "endEvent" or has_message)
        if not is_known or not child.get("name") or not child.get("value"):
            report.add(
                node.get("id"),
                "attribute",
                N_("参数 shenpi:%(name)s 要写在能用它的环节上，并写明 name 和 value。"),
                name=name,
            )


def common(node: Any) -> dict[str, Any]:
    """Return what every element may say."""
    documentation = node.find(f"{BPMN}documentation")
    return {
        "name": node.get("name", ""),
        "documentation": (documentation.text or "").strip() if documentation is not None else "",
        "clause": node.get(f"{SHENPI}clause"),
    }


def listed(node: Any, *names: str) -> dict[str, Any]:
    """Return the attributes that are there, lists split at spaces, as fields of an element."""
    return {
        field_of(name): tuple(text.split()) if name in _LISTS else text
        for name in names
        if (text := node.get(SHENPI + name)) is not None
    }


def param_map(node: Any, kind: str) -> dict[str, str]:
    """Return the named expressions among the extension elements."""
    return {child.get("name"): child.get("value") for child in node.findall(f"{BPMN}extensionElements/{SHENPI}{kind}")}


def field_of(name: str) -> str:
    """Return the field of an element that keeps an attribute."""
    return _FIELDS.get(name, name)


def _own(attributes: Any) -> list[str]:
    return [name.removeprefix(SHENPI) for name in attributes if name.startswith(SHENPI)]
