"""Reading `scenarios.yaml`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import yaml

from app.domain.text import N_
from app.engine.due_values import DueValue, WorkingDays, read_period
from app.engine.forms import Option
from app.engine.package import SCENARIOS
from app.engine.problems import Report
from app.engine.scenarios.model import (
    Assign,
    Complete,
    Expect,
    ExpectedMessage,
    ExpectLate,
    ExpectSent,
    LateAct,
    Pass,
    Recuse,
    Refusal,
    Respond,
    Scenario,
    Send,
    Stage,
    Start,
    Step,
    Wake,
)
from app.engine.strict_json import is_keepable

_LARGEST = 200_000
_MOST_SCENARIOS, _MOST_STEPS = 60, 200
_MOST_VALUES = 100_000
_STAGE = ("people", "rules", "options", "attachments", "operations")
_WORKING_DAYS = re.compile(r"(\d{1,3}) working days?")
_KINDS = ("complete", "respond", "recuse", "assign", "send", "expect_sent", "expect_late", "wake", "pass", "expect")
# What may have happened to a late task, each with the word beside it.
_LATE = {"remind": None, "escalate": "to", "verdict": "is"}
# What stands beside the kind of a step that nobody answers.
_BESIDE = {"recuse": ("by", "candidate", "refused"), "assign": ("by", "to", "refused"), "send": ("key", "values")}
_ANSWERS: Mapping[str, type[Complete]] = {"complete": Complete, "respond": Respond}


class _Loader(yaml.SafeLoader):
    """YAML without dates: forms carry days as text. Merging is bounded: merged merges multiply."""

    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge what stands under `<<`. Raises ConstructorError beyond any need."""
        super().flatten_mapping(node)
        self.merged += len(node.value)
        if self.merged > _MOST_VALUES:
            raise yaml.constructor.ConstructorError(problem="merged too much", problem_mark=node.start_mark)


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_scenarios(text: str) -> tuple[Scenario, ...]:
    """Read the scenarios of a package. Raises PackageError."""
    report = Report(SCENARIOS)
    data = _load(text, report)
    report.stop_if_wrong()
    names = {name for name in data if not name.startswith("x_")}
    for name in sorted(names - {*_STAGE, "scenarios"}):
        report.add(name, "scenario", N_("不认识“%(name)s”，请删去；锚点的名称以 x_ 开头。"), name=name)
    stories = data.get("scenarios")
    if not isinstance(stories, list) or not 1 <= len(stories) <= _MOST_SCENARIOS:
        report.add("", "scenario", N_("scenarios 要写成一列，1 到 %(limit)d 个。"), limit=_MOST_SCENARIOS)
    report.stop_if_wrong()
    stage = _read_stage(data, report)
    found = [_Story(story, stage, report).read() for story in data["scenarios"]]
    report.stop_if_wrong()
    return tuple(found)


def _load(text: str, report: Report) -> dict[str, Any]:
    try:
        data = yaml.load(text, Loader=_Loader) if len(text) <= _LARGEST else None  # noqa: S506 - derived from SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        report.add("", "scenario", N_("scenarios.yaml 第 %(line)d 行读不出来，请检查缩进和引号。"), line=line)
        return {}
    except (yaml.YAMLError, ValueError, RecursionError):
        data = None
    if isinstance(data, dict) and (switch := _switch_in(data)) is not None:
        message = N_('on、off、yes、no 作名称时 YAML 当作“是”或“否”（这里读成了 %(read)s），请加上引号，例如 "on"。')
        report.add("", "scenario", message, read=str(switch).lower())
        return {}
    if not isinstance(data, dict) or not _is_plain(data) or not is_keepable(data):
        report.add("", "scenario", N_("scenarios.yaml 读不出来，请检查缩进和引号。"))
        return {}
    return data


def _switch_in(data: Any) -> bool | None:
    """Return the first name that YAML read as true or false, if there is one."""
    waiting = [data]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return None
        value = waiting.pop()
        if isinstance(value, dict):
            found = next((key for key in value if isinstance(key, bool)), None)
            if found is not None:
                return found
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return None


def _is_plain(data: Any) -> bool:
    """Tell whether everything is JSON, and little of it: anchors can repeat themselves without end."""
    waiting = [data]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return True
        value = waiting.pop()
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                return False
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif not is_keepable(value):
            return False
    return False


def _read_stage(data: Mapping[str, Any], report: Report) -> Stage:
    for name in ("people", "rules", "options", "operations"):
        if not isinstance(data.get(name, {}), dict):
            report.add(name, "scenario", N_("“%(name)s”要写成“名称: 值”。"), name=name)
    report.stop_if_wrong()
    return Stage(
        people={str(name): frozenset(_words(roles)) for name, roles in data.get("people", {}).items()},
        rules=data.get("rules", {}),
        options={
            name: tuple(Option(value, str(value)) for value in _items(values))
            for name, values in data.get("options", {}).items()
        },
        attachments=frozenset(_words(data.get("attachments"))),
        operations=data.get("operations", {}),
    )


def _items(value: Any) -> list[Any]:
    return [item for item in value if isinstance(item, str | int)] if isinstance(value, list) else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> list[str]:
    return [str(item) for item in _items(value)]


class _Story:
    """Read one scenario; every defect is noted under its name."""

    def __init__(self, data: Any, stage: Stage, report: Report) -> None:
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        self._name = str(self._data.get("name") or "")
        self._stage = stage
        self._report = report

    def read(self) -> Scenario:
        self._close(self._data, {"name", "start", "steps", "outcome", "rules", "operations"})
        if not self._name:
            self._wrong(N_("每个情景都要有 name，用一句话说明发生了什么。"))
        steps = self._data.get("steps", [])
        if not isinstance(steps, list) or len(steps) > _MOST_STEPS:
            self._wrong(N_("steps 要写成一列，不超过 %(limit)d 步。"), limit=_MOST_STEPS)
            steps = []
        return Scenario(
            name=self._name,
            stage=self._own_stage(),
            start=self._start(self._mapping(self._data.get("start"))),
            steps=tuple(step for data in steps if (step := self._step(self._mapping(data))) is not None),
            outcome=self._data.get("outcome"),
        )

    def _own_stage(self) -> Stage:
        return replace(
            self._stage,
            rules={**self._stage.rules, **self._mapping(self._data.get("rules"))},
            operations={**self._stage.operations, **self._mapping(self._data.get("operations"))},
        )

    def _start(self, data: dict[str, Any]) -> Start:
        self._close(data, {"by", "values", "params", "refused", "serial"})
        values, params = self._mapping(data.get("values")), self._mapping(data.get("params"))
        person = self._person(data) if "by" in data else ""
        return Start(person, values, params, self._refusal(data), str(data.get("serial") or ""))

    def _step(self, data: dict[str, Any]) -> Step | None:
        kinds = [kind for kind in _KINDS if kind in data]
        if len(kinds) != 1:
            self._wrong(N_("每一步写一件事：%(kinds)s。"), kinds="、".join(_KINDS))
            return None
        kind = kinds[0]
        if kind in _ANSWERS:
            return self._answer(kind, data)
        return self._other(kind, data[kind], data)

    def _answer(self, kind: str, data: dict[str, Any]) -> Complete:
        self._close(data, {kind, "by", "verdict", "values", "refused"})
        values, verdict = self._mapping(data.get("values")), data.get("verdict")
        return _ANSWERS[kind](str(data[kind]), self._person(data), values, verdict, self._refusal(data))

    def _other(self, kind: str, value: Any, data: dict[str, Any]) -> Step | None:
        self._close(data, {kind, *_BESIDE.get(kind, ())})
        readers: dict[str, Callable[[], Step | None]] = {
            "recuse": lambda: self._recuse(str(value), data),
            "assign": lambda: Assign(str(value), self._person(data), self._person(data, "to"), self._refusal(data)),
            "send": lambda: Send(str(value), str(data.get("key", "")), self._mapping(data.get("values"))),
            "expect_sent": lambda: ExpectSent(tuple(map(self._message, _listed(value)))),
            "expect_late": lambda: ExpectLate(tuple(map(self._late, _listed(value)))),
            "wake": lambda: Wake(str(value)),
            "pass": lambda: self._pass(str(value)),
            "expect": lambda: Expect(tuple(_words(value))),
        }
        return readers[kind]()

    def _recuse(self, element: str, data: dict[str, Any]) -> Recuse:
        candidate = data.get("candidate")
        named = None if candidate is None else str(candidate)
        return Recuse(element, self._person(data), self._refusal(data), named)

    def _message(self, value: Any) -> ExpectedMessage:
        data = {"message": value} if isinstance(value, str) else self._mapping(value)
        self._close(data, {"message", "key", "values"})
        key = str(data["key"]) if "key" in data else None
        return ExpectedMessage(
            str(data.get("message", "")), key, self._mapping(data["values"]) if "values" in data else None
        )

    def _late(self, value: Any) -> LateAct:
        data = self._mapping(value)
        kind = next((kind for kind in _LATE if kind in data), None)
        if kind is None:
            self._wrong(N_("expect_late 的每一项写 remind、escalate 或者 verdict 和环节编号。"))
            return LateAct("", "")
        beside = _LATE[kind]
        self._close(data, {kind, *([beside] if beside else [])})
        return LateAct(kind, str(data[kind]), str(data.get(beside, "")) if beside else "")

    def _pass(self, text: str) -> Pass | None:
        period = _period(text)
        if period is None:
            self._wrong(N_("pass 要写成 P3D 这样的时长，或者 3 working days，您写了“%(text)s”。"), text=text)
            return None
        return Pass(period)

    def _person(self, data: dict[str, Any], key: str = "by") -> str:
        name = str(data.get(key) or "")
        if name not in self._stage.people:
            self._wrong(N_("%(key)s 里的“%(person)s”不在 people 里，请添上。"), key=key, person=name)
        return name

    def _refusal(self, data: dict[str, Any]) -> Refusal | None:
        value = data.get("refused")
        if value is None or value is False:
            return None
        return Refusal(text=value if isinstance(value, str) else "", paths=tuple(_words(value)))

    def _mapping(self, value: Any) -> dict[str, Any]:
        if value is None or isinstance(value, dict):
            return value or {}
        self._wrong(N_("这里要写成“名称: 值”：%(value)s。"), value=str(value)[:40])
        return {}

    def _close(self, data: dict[str, Any], known: set[str]) -> None:
        for name in sorted(str(name) for name in data if name not in known):
            self._wrong(N_("不认识“%(key)s”，请删去。"), key=name)

    def _wrong(self, message: str, **params: object) -> None:
        self._report.add(self._name, "scenario", message, **params)


def _period(text: str) -> DueValue | None:
    match = _WORKING_DAYS.fullmatch(text)
    return WorkingDays(int(match[1])) if match else read_period(text)
