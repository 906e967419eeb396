"""A process that begins by itself needs nobody to begin it."""

from collections.abc import Iterator

from app.domain.errors import Invalid
from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.forms import Form
from app.engine.forms.choice_fields import ChoiceField
from app.engine.package import MANIFEST
from app.engine.problems import Problem


def check_schedule(facts: Facts) -> Iterator[Problem]:
    """Find tasks of an initiator that is not there, and values that the start form does not take."""
    plan = facts.package.manifest.schedule
    if plan is None:
        return
    for task in facts.user_tasks():
        if task.is_initiator:
            message = N_("定时开始的流程没有发起人，请写明由哪个职务办理。")
            yield facts.problem(task.id, "schedule", message)
    form = facts.form_of(facts.model.start) or Form("", ())
    try:
        form.validate(dict(plan.values), {}, frozenset(), facts.model.start.id)
    except Invalid as wrong:
        for name, sentences in wrong.errors.items():
            # What a named list holds is known where the process is adopted.
            if _is_listed(form, name) and all(one.message == ChoiceField.missing for one in sentences):
                continue
            message = N_("[schedule] 的 values 里 %(name)s 不对：%(reason)s")
            said = "；".join(one.chinese() for one in sentences)
            yield Problem(MANIFEST, "schedule", "schedule", sentence(message, name=name, reason=said))


def _is_listed(form: Form, path: str) -> bool:
    field = form.field(path)
    return isinstance(field, ChoiceField) and bool(field.list_key)
