"""Compile a package into what all its instances share; the drawn file stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.domain.text import N_
from app.engine.forms import Form, FormError, parse_form
from app.engine.markers import strip_markers
from app.engine.memo import Memo
from app.engine.model import CallActivity, Element, ProcessModel, StartEvent, UserTask
from app.engine.package import ProcessPackage
from app.engine.parsers import DiagramParser
from app.engine.problems import Problem, Report
from app.engine.reader import read_model
from app.engine.semantics import check_called, check_semantics
from app.engine.task_specs import EmbeddedProcess
from app.engine.xml import parse_xml


@dataclass(frozen=True, eq=False)
class Part:
    """One process of a compiled whole: the process itself, or one that it calls."""

    package: ProcessPackage
    model: ProcessModel
    forms: Mapping[str, Form]


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

    def part_at(self, calls: tuple[str, ...]) -> Part:
        """Return the part that a chain of call activities leads to. Raises KeyError."""
        part = self.main
        for call in calls:
            item = part.model.elements[call]
            part = self.parts[item.called if isinstance(item, CallActivity) else ""]
        return part

    def element(self, path: str) -> Element:
        """Return the element at a path such as `legal_sign` or `panel_review/score`. Raises KeyError."""
        *calls, name = path.split("/")
        return self.part_at(tuple(calls)).model.elements[name]

    def form_of(self, path: str) -> Form | None:
        """Return the form of the start event or user task at a path. Raises KeyError."""
        *calls, name = path.split("/")
        part = self.part_at(tuple(calls))
        item = part.model.elements[name]
        form = item.form if isinstance(item, StartEvent | UserTask) else None
        return part.forms[form] if form else None


def compile_process(package: ProcessPackage, callees: Mapping[str, ProcessPackage] | None = None) -> CompiledProcess:
    """Compile a package with the packages that it calls, by key. Raises PackageError."""
    parts: dict[str, Part] = {}
    _add_part(package, callees or {}, parts, ())
    specs: dict[str, Any] = {}
    for part in parts.values():
        specs |= _specs_of(part)
    return CompiledProcess(parts[package.key], parts, specs[package.key], specs)


def _add_part(
    package: ProcessPackage, callees: Mapping[str, ProcessPackage], parts: dict[str, Part], callers: tuple[str, ...]
) -> None:
    report = Report(package.diagram_file)
    model = read_model(package.key, package.diagram_file, package.diagram)
    check_semantics(model, report)
    forms = dict(_forms_of(package, report.problems))
    _check_forms(model, package, report)
    parts[package.key] = Part(package, model, forms)
    for call in model.of_kind(CallActivity):
        if call.called in (*callers, package.key):
            report.add(call.id, "call", N_("流程不能直接或者间接调用自己。"))
        elif call.called not in callees:
            report.add(call.id, "call", N_("找不到被调用的流程“%(key)s”，请先发布它。"), key=call.called)
        else:
            _add_part(callees[call.called], callees, parts, (*callers, package.key))
            check_called(call, parts[call.called].model, report)
    report.stop_if_wrong()


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
        report.add(key, "engine", N_("引擎读不了这张图：%(reason)s"), reason=str(error))
        report.stop_if_wrong()
        raise
    for spec in specs.values():
        for task_spec in spec.task_specs.values():
            if isinstance(task_spec, EmbeddedProcess):
                # Two processes may both have a subprocess of this id.
                task_spec.spec = f"{key}/{task_spec.spec}"
    return {name if name == key else f"{key}/{name}": spec for name, spec in specs.items()}
