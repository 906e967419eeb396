"""Rule parameters that forms show beside their fields exist, and so do the tasks that their fields name."""

from collections.abc import Iterator

from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.forms import Component, Field
from app.engine.forms.list_fields import ListField
from app.engine.problems import Problem


def check_form_clauses(facts: Facts) -> Iterator[Problem]:
    """Find fields whose clause, whose tasks or whose first rows do not exist."""
    for name, form in facts.forms.items():
        users = {element.id for element in facts.model.elements.values() if getattr(element, "form", None) == name}
        for component in form.walk():
            yield from _clause(facts, f"forms/{name}.json", component)
            yield from _tasks(facts, f"forms/{name}.json", component, users)
            yield from _beginning(facts, f"forms/{name}.json", component)


def _clause(facts: Facts, file: str, component: Component) -> Iterator[Problem]:
    clause = component.clause if isinstance(component, Field) else ""
    if clause and facts.registry.parameters is not None and clause not in facts.registry.parameters:
        message = N_("没有规则参数“%(name)s”，请改正名称。")
        yield Problem(file, component.name, "rule", sentence(message, name=clause))


def _tasks(facts: Facts, file: str, component: Component, users: set[str]) -> Iterator[Problem]:
    access = component.access
    # What one step fills in may be hidden from who does another.
    others = {task.id for task in facts.user_tasks()}
    for task in sorted(({*access.write, *access.read} - users) | (set(access.hidden) - users - others)):
        message = N_("“%(name)s”不是用这张表单的环节，请改正 write、read 或者 hidden。")
        yield Problem(file, component.name, "form-access", sentence(message, name=task))


def _beginning(facts: Facts, file: str, component: Component) -> Iterator[Problem]:
    begins = component.begins if isinstance(component, ListField) else ""
    if begins and begins.partition(".")[0] not in facts.model.elements:
        message = N_("begins 写的“%(name)s”不是这张图的环节，请写“环节.字段”。")
        yield Problem(file, component.name, "form-list", sentence(message, name=begins))
