"""What every check looks at: the package's diagram, model and forms, read once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from app.domain.text import sentence
from app.domain.vocabulary import Role
from app.engine.decisions import DecisionFile
from app.engine.decisions.packages import read_decision_files
from app.engine.forms import Form, FormError, parse_form
from app.engine.model import CallActivity, Element, Flow, ProcessModel, UserTask
from app.engine.package import ProcessPackage
from app.engine.problems import PackageError, Problem, Report
from app.engine.reader import read_model
from app.engine.types import Type
from app.engine.xml import parse_xml


@dataclass(frozen=True)
class Registry:
    """What a package may name. `parameters` are the types of rules by key, None where the caller does not know them."""

    roles: frozenset[str] = frozenset(Role)
    parameters: Mapping[str, Type] | None = None


@dataclass(frozen=True)
class Facts:
    """A package that could be read."""

    package: ProcessPackage
    registry: Registry
    callees: Mapping[str, ProcessPackage]
    root: Any
    model: ProcessModel
    forms: Mapping[str, Form]

    @cached_property
    def called(self) -> "Mapping[str, Facts]":
        """Return the facts of the called processes that can be read, by key; a circle of calls is not followed."""
        others = {key: package for key, package in self.callees.items() if key != self.package.key}
        keys = {call.called for call in self.model.of_kind(CallActivity)} & others.keys()
        found = {key: read_facts(others[key], others, self.registry).facts for key in sorted(keys)}
        return {key: facts for key, facts in found.items() if facts is not None}

    @cached_property
    def decisions(self) -> Mapping[str, DecisionFile]:
        """Return the files of the package's decisions that can be read, by the id of the decision."""
        return read_decision_files(self.package.decisions, [])

    def problem(self, element: str, rule: str, message: str, **params: object) -> Problem:
        """Return a problem at an element of the diagram."""
        return Problem(self.package.diagram_file, element, rule, sentence(message, **params))

    def form_of(self, element: Element) -> Form | None:
        """Return the form of a start event or user task, if it has one that can be read."""
        return self.forms.get(getattr(element, "form", None) or "")

    def writers_of(self, element: str) -> tuple[str, ...]:
        """Return the elements whose completion gives an element its values: itself, and those that edit it."""
        return (element, *(task.id for task in self.user_tasks() if task.edits == element))

    def outgoing(self, element: str) -> list[Flow]:
        """Return the flows that leave an element."""
        return [flow for flow in self.model.flows if flow.source == element]

    def user_tasks(self) -> tuple[UserTask, ...]:
        """Return the user tasks in drawn order."""
        return self.model.of_kind(UserTask)


@dataclass(frozen=True)
class Reading:
    """The outcome of reading a package: facts where the diagram can be read, and what is wrong so far."""

    facts: Facts | None
    problems: tuple[Problem, ...]
    # The diagram as XML, where it is XML.
    root: Any = None


def read_facts(package: ProcessPackage, callees: Mapping[str, ProcessPackage], registry: Registry) -> Reading:
    """Read a package's diagram and forms, noting what cannot be read."""
    forms, problems = _read_forms(package)
    root = None
    try:
        root = parse_xml(package.diagram, Report(package.diagram_file))
        model = read_model(package.key, package.diagram_file, package.diagram)
    except PackageError as error:
        return Reading(None, (*error.problems, *problems), root)
    facts = Facts(package, registry, MappingProxyType(dict(callees)), root, model, forms)
    return Reading(facts, tuple(problems), root)


def _read_forms(package: ProcessPackage) -> tuple[dict[str, Form], list[Problem]]:
    forms, problems = {}, []
    for name, text in package.forms.items():
        try:
            forms[name] = parse_form(text)
        except FormError as error:
            problems += list(_as_problems(f"forms/{name}.json", error))
    return forms, problems


def _as_problems(file: str, error: FormError) -> Iterator[Problem]:
    for problem in error.problems:
        yield Problem(file, problem.component, problem.rule, problem.sentence)
