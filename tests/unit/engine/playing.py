"""Draw small diagrams and play them, storing and restoring the state at every step."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from app.engine import run
from app.engine.case import Case
from app.engine.changes import Awaited, Changes, VisitKind
from app.engine.codec import decode, encode
from app.engine.compiler import CompiledProcess, compile_process
from app.engine.package import ProcessPackage, package_from_files
from app.engine.positions import open_tasks, waiting_events
from app.engine.values import Inputs

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:shenpi="urn:shenpi:bpmn:1" targetNamespace="urn:shenpi:processes"'
)
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"


def element(kind: str, name: str, body: str = "", **attributes: str) -> str:
    words = "".join(
        f' {key.replace("shenpi_", "shenpi:")}="{value.replace(chr(34), "&quot;").replace("<", "&lt;")}"'
        for key, value in attributes.items()
    )
    return f'<bpmn:{kind} id="{name}" name="{name}"{words}>{body}</bpmn:{kind}>'


def start(name: str = "begin") -> str:
    return element("startEvent", name)


def ends(*names: str) -> str:
    return "".join(element("endEvent", name) for name in names)


def people(*names: str) -> str:
    return "".join(element("userTask", name, shenpi_role="teacher") for name in names)


def service(name: str, operation: str) -> str:
    return element("serviceTask", name, shenpi_operation=operation)


def gateways(kind: str, *names: str) -> str:
    return "".join(element(f"{kind}Gateway", name) for name in names)


def timer(name: str, due: str = "P3D") -> str:
    return element("intermediateCatchEvent", name, TIMER, shenpi_due=due)


def border(name: str, host: str, *, interrupting: bool = True, due: str = "P3D") -> str:
    words = {"attachedToRef": host, "cancelActivity": str(interrupting).lower(), "shenpi_due": due}
    return element("boundaryEvent", name, TIMER, **words)


def flow(source: str, target: str, condition: str = "") -> str:
    body = f"<bpmn:conditionExpression>{condition.replace('<', '&lt;')}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">{body}</bpmn:sequenceFlow>'


def line(*names: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(names))


def within(name: str, *body: str) -> str:
    return element("subProcess", name, "".join(body))


def call(name: str, called: str, extensions: str = "") -> str:
    body = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return element("callActivity", name, body, calledElement=called)


def diagram(*body: str, key: str = "case") -> str:
    return f'<bpmn:definitions {NAMESPACES}><bpmn:process id="{key}" isExecutable="true">{"".join(body)}</bpmn:process></bpmn:definitions>'


def package(text: str, key: str = "case", **files: str) -> ProcessPackage:
    manifest = f'key = "{key}"\ntitle = "事项"\ncode = "SX"\ncategory = "其他"\n'
    return package_from_files({"process.toml": manifest, f"{key}.bpmn": text, **files})


def compiled(text: str, **callees: str) -> CompiledProcess:
    return compile_process(package(text), {key: package(callee, key) for key, callee in callees.items()})


class Player:
    """Play one instance and check at each step what must always hold."""

    def __init__(self, process: CompiledProcess, *, rules: Mapping[str, Any] | None = None) -> None:
        self.process = process
        self.context = {"rules": dict(rules or {}), "params": {"limit": 1000}}
        self.results: dict[str, Any] = {}
        self.ran: list[tuple[str, str, dict[str, Any]]] = []
        self.waiting: dict[int, str] = {}
        self.timers: dict[int, str] = {}
        self.awaited: dict[int, Awaited] = {}
        self._had: set[int] = set()
        self.changes = Changes(b"", {})

    def start(self, **values: Any) -> "Player":
        self._take(run.start(self.process, values, self.context, self.operate))
        return self

    def complete(self, name: str, verdict: str | None = None, **submission: Any) -> "Player":
        task_id = self.task(name)
        del self.waiting[task_id]
        state, values = self.changes.state, self.changes.values
        self._take(run.complete(self.process, state, values, task_id, submission, verdict, self.context, self.operate))
        return self

    def wake(self, name: str, *, again: bool = False) -> "Player":
        task_id = next(key for key, path in self.timers.items() if path == name)
        state, values = self.changes.state, self.changes.values
        self._take(run.wake(self.process, state, values, task_id, self.context, self.operate, again=again))
        assert task_id in self.changes.disarmed
        return self

    def receive(self, name: str, **payload: Any) -> "Player":
        task_id = next(key for key, one in self.awaited.items() if one.element == name)
        state, values = self.changes.state, self.changes.values
        self._take(run.receive(self.process, state, values, task_id, payload, self.context, self.operate))
        assert task_id in self.changes.unawaited
        return self

    def jump(self, target: str) -> "Player":
        state, values = self.changes.state, self.changes.values
        self._take(run.jump(self.process, state, values, target, self.context, self.operate))
        return self

    def task(self, name: str) -> int:
        return next(key for key, path in self.waiting.items() if path == name)

    def operate(self, operation: str, name: str, params: dict[str, Any], values: Mapping[str, Any]) -> Any:
        self.ran.append((operation, name, params))
        result = self.results.get(name)
        if isinstance(result, Exception):
            raise result
        return result(values) if callable(result) else result

    @property
    def at(self) -> list[str]:
        """The user tasks that wait."""
        return sorted(self.waiting.values())

    @property
    def armed(self) -> list[str]:
        """The timers that wait."""
        return sorted(self.timers.values())

    @property
    def values(self) -> dict[str, Any]:
        return self.changes.values

    def visits(self, kind: VisitKind) -> list[str]:
        return [visit.element for visit in self.changes.visited if visit.kind is kind]

    def _take(self, changes: Changes) -> None:
        self.changes = changes
        given = [*(found.task_id for found in changes.opened), *(found.task_id for found in changes.armed)]
        assert len(set(given)) == len(given)
        assert not self._had & set(given), "an id was given again in the step that ended its holder"
        for task_id in changes.closed:
            del self.waiting[task_id]
        for task_id in changes.disarmed:
            del self.timers[task_id]
        for task_id in changes.unawaited:
            del self.awaited[task_id]
        self.awaited |= {found.task_id: found for found in changes.awaited}
        self.waiting |= {found.task_id: found.element for found in changes.opened}
        self.timers |= {found.task_id: found.element for found in changes.armed}
        self._had = {*self.waiting, *self.timers}
        self._check_state()

    def _check_state(self) -> None:
        restored = decode(self.changes.state, Case(self.process, Inputs({}, {}), self.operate))
        assert open_tasks(restored) == self.waiting
        assert waiting_events(restored) == self.timers | {one.task_id: one.element for one in self.awaited.values()}
        assert all(not task.data for part in restored.parts() for task in part.tasks.values())
        assert encode(restored) == self.changes.state


def play(text: str, **callees: str) -> Player:
    return Player(compiled(text, **callees))
