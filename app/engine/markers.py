"""The multi-instance marker: read as "many people are asked", refused elsewhere, kept from SpiffWorkflow."""

from typing import Any

from app.domain.text import N_
from app.engine.xml import BPMN

MARKER = f"{BPMN}multiInstanceLoopCharacteristics"
NOT_HERE = N_("这里不能用多实例标记，请去掉标记；只有用户任务可以由多人同时办理。")
_SEQUENTIAL = N_("多实例只能用并行的（三条竖线）：把 isSequential 改成 false，或者画成先后几个任务。")
_FILLED = N_("多实例标记里不要写次数、集合和完成条件：由谁办理写 shenpi:role，怎样结束写 shenpi:closing。")
_HARMLESS = frozenset({f"{BPMN}documentation", f"{BPMN}extensionElements"})


def refusal_of_marker(node: Any, kind: str) -> str | None:
    """Return why a node's marker is refused, or None."""
    marker = node.find(MARKER)
    if marker is None:
        return None
    if kind != "userTask":
        return NOT_HERE
    if marker.get("isSequential", "false") in {"true", "1"}:
        return _SEQUENTIAL
    return _FILLED if any(isinstance(child.tag, str) and child.tag not in _HARMLESS for child in marker) else None


def strip_markers(root: Any) -> None:
    """Take the markers out of a copy that the engine reads: it sees one waiting task."""
    for marker in list(root.iter(MARKER)):
        marker.getparent().remove(marker)
