"""Too much of everything."""

from tests.hostile.corpus.cases import BUILT_IN, FIT, REFUSED, TOO_LARGE, Case, changed

DIAGRAM = BUILT_IN.diagram
END = "</bpmn:process>"
FIRST = "<bpmn:process "


def grown(extra: str) -> bytes:
    return changed(END, extra + END).encode()


def chain(length: int) -> str:
    tasks = "".join(f'<bpmn:userTask id="t{at}" name="办理"/>' for at in range(length))
    return tasks + "".join(
        f'<bpmn:sequenceFlow id="f{at}" sourceRef="t{at}" targetRef="t{at + 1}"/>' for at in range(length - 1)
    )


def nested(depth: int) -> str:
    inside = "".join(f'<bpmn:subProcess id="s{at}" name="分组">' for at in range(depth))
    return inside + "</bpmn:subProcess>" * depth


def attributes(count: int) -> str:
    return "<bpmn:userTask " + "".join(f'a{at}="" ' for at in range(count)) + 'id="many"/>'


def spaces(count: int) -> str:
    declared = "".join(f'xmlns:n{at}="urn:n{at}" ' for at in range(count))
    return f"<bpmn:userTask {declared} id='many'/>"


CASES = (
    Case("50 MB", "a.bpmn", lambda: b" " * 50_000_000, TOO_LARGE),
    Case("50 MB of zip", "a.zip", lambda: b"PK\x03\x04" + bytes(50_000_000), TOO_LARGE),
    Case("just more than may be sent", "a.zip", lambda: b"PK\x03\x04" + bytes(5_000_010), "size"),
    Case("a diagram of 4 MB", "a.bpmn", lambda: DIAGRAM.encode() + b" " * 4_000_000, "size"),
    Case("10,000 elements", "a.bpmn", lambda: grown(chain(10_000)), "size"),
    Case("1,200 elements", "a.bpmn", lambda: grown(chain(600)), "size"),
    Case("300 elements", "a.bpmn", lambda: grown(chain(300)), "size"),
    Case("60,000 tiny elements", "a.bpmn", lambda: grown('<bpmn:task id="a"/>' * 45_000), "size"),
    Case(
        "100,000 ids in one attribute",
        "a.bpmn",
        lambda: grown(f'<bpmn:userTask id="x" shenpi:signs="{"a " * 100_000}"/>'),
        REFUSED,
    ),
    Case("subprocesses 200 deep", "a.bpmn", lambda: grown(nested(200)), REFUSED),
    Case("subprocesses 5,000 deep", "a.bpmn", lambda: grown(nested(5_000)), "xml"),
    Case("elements 100,000 deep", "a.bpmn", lambda: grown("<a>" * 100_000), "xml"),
    Case("20,000 attributes", "a.bpmn", lambda: grown(attributes(20_000)), REFUSED),
    Case("20,000 name spaces", "a.bpmn", lambda: grown(spaces(20_000)), REFUSED),
    Case("a name of 900,000 characters", "a.bpmn", lambda: changed("财务确认预算", "财" * 300_000).encode(), REFUSED),
    Case(
        "an id of 10,000 characters",
        "a.bpmn",
        lambda: changed('id="is_budget_confirmed"', f'id="{"a" * 10_000}"').encode(),
        "size",
    ),
    Case(
        "a documentation of 900 kB",
        "a.bpmn",
        lambda: changed(FIRST, "<!--" + "x" * 900_000 + "-->" + FIRST).encode(),
        FIT,
    ),
    Case(
        "30,000 lanes",
        "a.bpmn",
        lambda: grown("<bpmn:laneSet>" + '<bpmn:lane name="a"/>' * 30_000 + "</bpmn:laneSet>"),
        REFUSED,
    ),
    Case(
        "10,000 shapes",
        "a.bpmn",
        lambda: changed(
            "</bpmndi:BPMNPlane>", '<bpmndi:BPMNShape id="x" bpmnElement="y"/>' * 10_000 + "</bpmndi:BPMNPlane>"
        ).encode(),
        "bpmn-schema",
    ),
    Case(
        "10,000 extension elements",
        "a.bpmn",
        lambda: grown(
            "<bpmn:extensionElements>" + '<shenpi:x name="a" value="b"/>' * 10_000 + "</bpmn:extensionElements>"
        ),
        REFUSED,
    ),
)
