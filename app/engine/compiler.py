"""Compile a package into what all its instances share; the drawn file stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.domain.text import N_
from app.engine.decisions import DecisionFile
from app.engine.decisions.packages import UNKNOWN_DECISION, read_decision_files
from app.engine.forms import Form, FormError, parse_form
from app.engine.markers import strip_markers
from app.engine.memo import Memo
from app.engine.model import CallActivity, DecisionTask, Element, ProcessModel, StartEvent, UserTask, WaitEvent
from app.engine.package import ProcessPackage
from app.engine.parsers import DiagramParser
from app.engine.paths import calls_in, name_in
from app.engine.problems import Problem, Report
from app.engine.reader import read_model
from app.engine.semantics import check_called, check_semantics, names_case
from app.engine.task_specs import EmbeddedProcess
from app.engine.xml import parse_xml

LONGEST_PATH = 100


@dataclass(frozen=True, eq=False)
class Part:
    """One process of a compiled whole: the process itself, or one that it calls."""

    package: ProcessPackage
    model: ProcessModel
    forms: Mapping[str, Form]
    # The files of the package's decisions by the id of the decision.
    decisions: Mapping[str, DecisionFile]

    def form_of(self, name: str) -> Form | None:
        """Return the form of a start event or user task, if it has one. Raises KeyError."""
        item = self.model.elements[name]
        form = item.form if isinstance(item, StartEvent | UserTask) else None
        return self.forms[form] if form else None


@dataclass(frozen=True, eq=False)
class CompiledProcess:
    """A version ready to run, shared between instances and threads; nothing of it changes but its memo."""

    main: Part
    # The process itself and all that it calls, by key.
    parts: Mapping[str, Part]
    spec: Any
    subprocess_specs: Mapping[str, Any]
    # Grows while the version runs, but changes nothing that a step does.
    memo: Memo = field(default_factory=Memo)

    @property
    def package(self) -> ProcessPackage:
        """Return the package of the process itself."""
        return self.main.package

    @property
    def model(self) -> ProcessModel:
        """Return the model of the process itself."""
        return self.main.model

    @property
    def forms(self) -> Mapping[str, Form]:
        """Return the forms of the process itself by name."""
        return self.main.forms

    @cached_property
    def asks_many(self) -> bool:
        """Tell whether some task asks many people at once."""
        return any(task.collective for part in self.parts.values() for task in part.model.of_kind(UserTask))

    @cached_property
    def waits_alone(self) -> bool:
        """Tell whether some event waits between two elements, with no task beside it."""
        events = (event for part in self.parts.values() for event in part.model.of_kind(WaitEvent))
        return any(event.attached_to is None for event in events)

    @cached_property
    def names_case(self) -> bool:
        """Tell whether some expression names what no two cases share."""
        return any(names_case(part.model) for part in self.parts.values())

    @cached_property
    def ordinals(self) -> Mapping[Any, int]:
        """Return a number of its own for each task spec, called processes included."""
        specs = [spec for part in self.subprocess_specs.values() for spec in part.task_specs.values()]
        return {spec: ordinal for ordinal, spec in enumerate(specs, start=1)}

    def part_at(self, calls: tuple[str, ...]) -> Part:
        """Return the part that a chain of call activities leads to. Raises KeyError."""
        part = self.main
        for call in calls:
            item = part.model.elements[call]
            part = self.parts[item.called if isinstance(item, CallActivity) else ""]
        return part

    def part_of(self, path: str) -> Part:
        """Return the part in which the element at a path stands. Raises KeyError."""
        # Most elements stand in the process itself, and a step asks for them a dozen times.
        return self.part_at(calls_in(path)) if "/" in path else self.main

    def element(self, path: str) -> Element:
        """Return the element at a path such as `legal_sign` or `panel_review/score`. Raises KeyError."""
        return self.part_of(path).model.elements[name_in(path)] if "/" in path else self.main.model.elements[path]

    def form_of(self, path: str) -> Form | None:
        """Return the form of the start event or user task at a path. Raises KeyError."""
        return self.part_of(path).form_of(name_in(path))


def read_part(package: ProcessPackage) -> Part:
    """Read one package without what it calls. Raises PackageError."""
    report = Report(package.diagram_file)
    part = _read(package, report)
    report.stop_if_wrong()
    return part


def compile_process(package: ProcessPackage, callees: Mapping[str, ProcessPackage] | None = None) -> CompiledProcess:
    """Compile a package with the packages that it calls, by key. Raises PackageError."""
    parts: dict[str, Part] = {}
    _add_part(package, callees or {}, parts, ())
    _refuse_long_paths(package.key, parts)
    specs: dict[str, Any] = {}
    for part in parts.values():
        specs |= _specs_of(part)
    return CompiledProcess(parts[package.key], parts, specs[package.key], specs)


def _add_part(
    package: ProcessPackage, callees: Mapping[str, ProcessPackage], parts: dict[str, Part], callers: tuple[str, ...]
) -> None:
    report = Report(package.diagram_file)
    parts[package.key] = part = _read(package, report)
    for call in part.model.of_kind(CallActivity):
        if call.called in (*callers, package.key):
            report.add(call.id, "call", N_("流程不能直接或者间接调用自己。"))
        elif call.called not in callees:
            report.add(call.id, "call", N_("找不到被调用的流程“%(key)s”，请先发布它。"), key=call.called)
        else:
            _add_part(callees[call.called], callees, parts, (*callers, package.key))
            check_called(call, parts[call.called].model, report)
    report.stop_if_wrong()


def _refuse_long_paths(key: str, parts: Mapping[str, Part]) -> None:
    """Refuse calls within calls whose elements would have longer paths than their rows can hold."""
    report = Report(parts[key].package.diagram_file)
    for call in parts[key].model.of_kind(CallActivity):
        if len(call.id) + 1 + _longest_path(call.called, parts) > LONGEST_PATH:
            message = N_("被调用流程里的环节，编号连起来超过 %(most)d 个字符，请把编号改短。")
            report.add(call.id, "call", message, most=LONGEST_PATH)
    report.stop_if_wrong()


def _longest_path(key: str, parts: Mapping[str, Part]) -> int:
    model = parts[key].model
    calls = [len(call.id) + 1 + _longest_path(call.called, parts) for call in model.of_kind(CallActivity)]
    return max([*map(len, model.elements), *calls])


def _read(package: ProcessPackage, report: Report) -> Part:
    model = read_model(package.key, package.diagram_file, package.diagram)
    check_semantics(model, report)
    forms = dict(_forms_of(package, report.problems))
    _check_forms(model, package, report)
    decisions = read_decision_files(package.decisions, report.problems)
    for task in model.of_kind(DecisionTask):
        if task.decision not in decisions:
            report.add(task.id, "decision", UNKNOWN_DECISION, name=task.decision)
    return Part(package, model, forms, decisions)


def _forms_of(package: ProcessPackage, problems: list[Problem]) -> Iterator[tuple[str, Form]]:
    for name, text in package.forms.items():
        try:
            yield name, parse_form(text)
        except FormError as error:
            problems.extend(
                Problem(f"forms/{name}.json", found.component, found.rule, found.sentence) for found in error.problems
            )


def _check_forms(model: ProcessModel, package: ProcessPackage, report: Report) -> None:
    for item in model.elements.values():
        form = item.form if isinstance(item, StartEvent | UserTask) else None
        if form is not None and form not in package.forms:
            report.add(item.id, "form", N_("没有“%(name)s”这张表单，请添上，或者选一张有的。"), name=form)


def _specs_of(part: Part) -> dict[str, Any]:
    """Return the spec of a process and those of its embedded subprocesses, each under a name of its own."""
    key, file = part.package.key, part.package.diagram_file
    report = Report(file)
    parser = DiagramParser()
    try:
        root = parse_xml(part.package.diagram, report)
        strip_markers(root)
        parser.add_bpmn_xml(root, file)
        specs = parser.find_all_specs()
    except (ValidationException, RecursionError) as error:
        report.add(getattr(error, "id", None) or key, "engine", N_("引擎读不了这里，请删去这个环节再画一次。"))
        report.stop_if_wrong()
        raise
    for spec in specs.values():
        for task_spec in spec.task_specs.values():
            if isinstance(task_spec, EmbeddedProcess):
                # Two processes may both have a subprocess of this id.
                task_spec.spec = f"{key}/{task_spec.spec}"
    return {name if name == key else f"{key}/{name}": spec for name, spec in specs.items()}
