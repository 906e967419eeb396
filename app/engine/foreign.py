"""Extensions by which other engines would run a diagram: here they would silently do nothing."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.text import N_
from app.engine.problems import Report
from app.engine.xml import BPMN

# Namespaces that carry behaviour. Colours, layout and a modeller's own notes mean nothing and may stay.
EXECUTABLE: Mapping[str, str] = MappingProxyType(
    {
        "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
        "http://camunda.org/schema/1.0/bpmn": "camunda",
        "http://camunda.org/schema/zeebe/1.0": "zeebe",
        "http://activiti.org/bpmn": "activiti",
        "http://flowable.org/bpmn": "flowable",
        "http://operaton.org/schema/1.0/bpmn": "operaton",
        "http://www.jboss.org/drools": "drools",
        "http://www.bonitasoft.com/bpmn": "bonita",
        "http://www.signavio.com/bpmn20": "signavio",
    }
)


def check_extensions(root: Any, report: Report) -> None:
    """Note each element that carries behaviour of another engine, once for each engine."""
    found = dict.fromkeys((_place_of(node), tool) for node in root.iter() for tool in _tools_of(node))
    for place, tool in found:
        message = N_("%(tool)s 的扩展在这里不起作用，请删去，改写成 shenpi 的属性。")
        report.add(place, "foreign-extension", message, tool=tool)


def _tools_of(node: Any) -> Iterator[str]:
    # A comment or a processing instruction has no name.
    names = (node.tag, *node.attrib) if isinstance(node.tag, str) else ()
    for name in names:
        tool = EXECUTABLE.get(name[1:].partition("}")[0]) if name.startswith("{") else None
        if tool is not None:
            yield tool


def _place_of(node: Any) -> str:
    """Return the id of the element that a node belongs to."""
    while node is not None and not (str(node.tag).startswith(BPMN) and node.get("id")):
        node = node.getparent()
    return "" if node is None else node.get("id")
