"""Titles, amounts and summaries stand in lists: they name what exists and nothing that a task hides."""

import re
from collections.abc import Iterator

from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.checks.names import Scope
from app.engine.checks.notices import PLACE, wrong_places
from app.engine.checks.scope import names_of
from app.engine.forms.components import Field
from app.engine.forms.file_fields import FileField
from app.engine.package import MANIFEST
from app.engine.problems import Problem
from app.engine.summaries import COLON, LONGEST_LABEL, MOST_LINES, SummaryLine, summary_of

TITLE, PAGE, AMOUNT, SUMMARY = "title_template", "page", "amount", "summary"
PATH = re.compile(r"(?:/[a-z-]+(?:/\{[^{}/]+\})?)+", re.ASCII)


def check_titles(facts: Facts) -> Iterator[Problem]:
    """Find names that are none, fields that somebody may not see, and summaries that no row holds."""
    manifest, scope = facts.package.manifest, names_of(facts)
    for place in wrong_places(manifest.title_template, scope):
        message = N_(
            "title_template 里的“%(name)s”不存在，或者不是这种格式，请写成 {环节编号.字段}，金额写成 {环节编号.字段:yuan}。"
        )
        yield _problem(TITLE, message, name=place)
    yield from _check_hidden(facts, TITLE, manifest.title_template)
    yield from _check_page(facts, scope, manifest.page)
    yield from _check_hidden(facts, AMOUNT, f"{{{manifest.amount or ''}}}")
    if len(manifest.summary) > MOST_LINES:
        yield _problem(SUMMARY, N_("summary 最多 %(most)d 行，请删去多余的。"), most=MOST_LINES)
    for text, line in zip(manifest.summary, summary_of(manifest.summary), strict=True):
        yield from _check_line(facts, scope, text, line)


def _check_page(facts: Facts, scope: Scope, page: str) -> Iterator[Problem]:
    if page and (not PATH.fullmatch(page) or wrong_places(page, scope)):
        message = N_("page 里的“%(page)s”打不开，请写成站内的路径，例如 /rank-reviews/{环节编号.字段}。")
        yield _problem(PAGE, message, page=page)
    yield from _check_hidden(facts, PAGE, page)


def _check_line(facts: Facts, scope: Scope, text: str, line: SummaryLine) -> Iterator[Problem]:
    if COLON not in text or not line.label or "{" in line.label or not PLACE.search(line.template):
        message = N_("summary 的“%(text)s”请写成“名称：{环节编号.字段}”，名称后面用全角冒号。")
        yield _problem(SUMMARY, message, text=text)
        return
    if len(line.label) > LONGEST_LABEL:
        message = N_("summary 的名称“%(label)s”太长，请改成不超过 %(most)d 个字。")
        yield _problem(SUMMARY, message, label=line.label, most=LONGEST_LABEL)
    for place in wrong_places(line.template, scope):
        message = N_(
            "summary 里的“%(name)s”不存在，或者不是这种格式，请写成 {环节编号.字段}，选项、金额和日期不用写格式。"
        )
        yield _problem(SUMMARY, message, name=place)
    yield from _check_hidden(facts, SUMMARY, line.template)
    for name in _names(line.template):
        if isinstance(_field(facts, name), FileField):
            yield _problem(SUMMARY, N_("summary 里的“%(name)s”是附件，列表里看不了，请删去。"), name=name)


def _check_hidden(facts: Facts, key: str, template: str) -> Iterator[Problem]:
    for name in _names(template):
        field = _field(facts, name)
        if field is not None and field.access.hidden:
            message = N_("“%(name)s”在“%(tasks)s”这一步看不见，写在这里会让办理人看到，请从 %(key)s 里删去。")
            tasks = "、".join(_title(facts, task) for task in field.access.hidden)
            yield _problem(key, message, name=name, tasks=tasks, key=key)


def _names(template: str) -> list[str]:
    return [place.partition(":")[0] for place in PLACE.findall(template)]


def _field(facts: Facts, name: str) -> Field | None:
    element, _dot, key = name.partition(".")
    found = facts.model.elements.get(element)
    form = facts.form_of(found) if found is not None else None
    return form.fields.get(key.partition(".")[0]) if form else None


def _title(facts: Facts, task: str) -> str:
    found = facts.model.elements.get(task)
    return (found.name if found is not None else "") or task


def _problem(element: str, message: str, **params: object) -> Problem:
    return Problem(MANIFEST, element, "manifest", sentence(message, **params))
