"""The forms of a case as read-only sheets: a ruled form, a table for each list, files as links."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import Submission
from app.domain.identity import Actor
from app.domain.money import yuan
from app.domain.text import N_
from app.engine.forms.choice_fields import CheckboxField
from app.engine.forms.components import FULL_WIDTH, Field
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.number_fields import NumberField
from app.engine.forms.showing import Shown
from app.engine.model import UserTask
from app.engine.paths import name_in, values_at
from app.services.filling import submission_versions
from app.services.messaging.received import Received, received
from app.services.reading import restrictions
from app.services.reading.cases import CaseView
from app.services.rounds.belonging import APPLIES
from app.views.files import file_links
from app.views.presenters.checks import marked, words_at
from app.views.presenters.values import NOTHING, Reader, plain_words
from app.views.words import instant

# How the names of tasks begin that have a form filled in once more.
REVISE = ("修改", "补正")
# How the text of the field at a path is shown.
Marking = Callable[[str, str], str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: `kind` is form, table or files."""

    id: str
    title: str
    kind: str
    aside: str = ""
    rows: Sequence[Any] = ()
    columns: Sequence[dict[str, Any]] = ()
    foot: Mapping[str, str] = field(default_factory=dict)


def case_sheets(session: Session, actor: Actor, view: CaseView, without: str | None = None) -> list[Sheet]:
    """Return what has been filled in, in the order of the diagram, without one element; flagged words are marked."""
    flagged = words_at(view.case)
    return _all_sheets(session, actor, view, lambda text, path: marked(text, flagged.get(path, ())), without)


def plain_sheets(session: Session, actor: Actor, view: CaseView) -> list[Sheet]:
    """Return the same for paper, in texts without marks."""
    return _all_sheets(session, actor, view, lambda text, _path: text)


def _all_sheets(
    session: Session, actor: Actor, view: CaseView, marking: Marking, without: str | None = None
) -> list[Sheet]:
    found: list[Sheet] = []
    for path in restrictions.contents(view.process):
        values = view.shown(path, values_at(view.case.values, path))
        if path != without and values:
            found += _sheets(session, actor, view, path, values, marking)
    # What a round tells an application stands on its page in words.
    told = received(view) if view.case.process_key != APPLIES else []
    return [*found, *map(_message_sheet, told)]


def _message_sheet(one: Received) -> Sheet:
    """Return what a message brought; the names of its fields are all the labels that it has."""
    rows = [
        {"label": name, "value": plain_words(value), "is_wide": False, "files": ()}
        for name, value in one.values.items()
    ]
    return Sheet(one.element, one.name or _("收到的消息"), "form", _("别的办件发来"), _balanced(rows))


def form_title(view: CaseView, path: str) -> str:
    """Return what a form is called: by the task that revises it, by its task, or by the process."""
    part = view.process.part_of(path)
    for task in part.model.of_kind(UserTask):
        if task.edits == name_in(path):
            return _without_verb(task.name) or part.package.manifest.title
    item = view.process.element(path)
    return item.name if isinstance(item, UserTask) else part.package.manifest.title


def _without_verb(name: str) -> str:
    return next((name.removeprefix(verb) for verb in REVISE if name.startswith(verb)), name)


def _sheets(
    session: Session, actor: Actor, view: CaseView, path: str, values: Mapping[str, Any], marking: Marking
) -> list[Sheet]:
    form = view.process.form_of(path)
    known = submission_versions.versions(session, view, path)
    if form is None or not known:
        return []
    reader = Reader(session, file_links(session, actor, list(form.attachments_in(values))))
    shown = [one for one in form.shown(values, is_readonly=True) if _is_in_sight(one, view.hidden.get(path, ()))]
    plain = [_row(one, reader, marking) for one in shown if not isinstance(one.component, ListField)]
    if path == view.process.model.start.id and view.case.amount is not None:
        amount = {"label": _("金额"), "value": _("%(amount)s 元", amount=yuan(view.case.amount)), "is_strong": True}
        plain.insert(_after_last_half(plain), amount)
    main = Sheet(path, form_title(view, path), "form", _aside(known), _balanced(plain))
    lists = [_list_sheet(one, reader, marking) for one in shown if isinstance(one.component, ListField)]
    return [one for one in (main, *lists) if one.rows]


def _is_in_sight(one: Shown, hidden: Collection[str]) -> bool:
    return isinstance(one.component, Field) and one.component.key not in hidden


def _after_last_half(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return where a half row stands beside the last one of its kind, before the declarations."""
    return max((index + 1 for index, row in enumerate(rows) if not row["is_wide"]), default=len(rows))


def _balanced(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let a half row take the whole line where it has no neighbour."""
    found: list[dict[str, Any]] = []
    for is_wide, run in groupby(rows, key=lambda row: bool(row.get("is_wide"))):
        halves = list(run)
        if not is_wide and len(halves) % 2:
            halves[-1] = halves[-1] | {"is_wide": True}
        found += halves
    return found


def _aside(known: Sequence[Submission]) -> str:
    when = instant(known[-1].submitted_at)
    if len(known) == 1:
        return _("%(when)s 提交", when=when)
    return _("%(when)s 提交 · 第 %(number)d 版", when=when, number=len(known))


def _row(one: Shown, reader: Reader, marking: Marking) -> dict[str, Any]:
    part = one.component
    assert isinstance(part, Field)  # noqa: S101 - the caller left the others out
    is_oath = isinstance(part, CheckboxField) and part.is_required
    return {
        "label": part.label,
        "value": marking(reader.words(part, one.value), one.path),
        "is_wide": part.width >= FULL_WIDTH and (is_oath or part.type in {"textarea", "checklist"}),
        "files": reader.links(one.value) if isinstance(part, FileField) else (),
    }


def _list_sheet(one: Shown, reader: Reader, marking: Marking) -> Sheet:
    part = one.component
    assert isinstance(part, ListField)  # noqa: S101 - the caller left the others out
    amounts = [row.get(part.total) for row in one.value or () if isinstance(row, Mapping)]
    total = yuan(sum(amount for amount in amounts if isinstance(amount, int))) if part.total else ""
    if any(isinstance(cell, FileField) for cell in part.cells):
        words = N_("%(label)s %(count)d 张") if part.total else N_("%(label)s（%(count)d 项）")
        title = _(words, label=part.label, count=len(one.rows))
        aside = _("合计 %(total)s 元", total=total) if total else ""
        return Sheet(one.path, title, "files", aside, [_file_row(row, reader, part) for row in one.rows])
    columns = [_column(cell) for cell in part.cells if isinstance(cell, Field)]
    rows = [{_key(cell): _cell(cell, reader, marking) for cell in row} for row in one.rows]
    foot = {columns[0]["key"]: _("合计"), part.total: total} if total else {}
    return Sheet(one.path, part.label, "table", rows=rows, columns=columns, foot=foot)


def _column(cell: Field) -> dict[str, Any]:
    is_money = isinstance(cell, NumberField) and cell.is_money
    label = _("%(label)s（元）", label=cell.label) if is_money else cell.label
    return {"key": cell.key, "label": label, "is_number": isinstance(cell, NumberField)}


def _cell(cell: Shown, reader: Reader, marking: Marking) -> Any:
    part = cell.component
    if not isinstance(part, Field):
        return ""
    if isinstance(part, NumberField) and part.is_money:
        return part.text(cell.value) or NOTHING
    return marking(reader.words(part, cell.value), cell.path)


def _file_row(row: Sequence[Shown], reader: Reader, part: ListField) -> dict[str, Any]:
    """Return one row as a document: its files, its other fields as one line, its amount."""
    cells = [cell for cell in row if isinstance(cell.component, Field)]
    links = [link for cell in cells if isinstance(cell.component, FileField) for link in reader.links(cell.value)]
    line = [
        f"{cell.component.label} {reader.words(cell.component, cell.value)}"
        for cell in cells
        if isinstance(cell.component, Field) and not isinstance(cell.component, FileField) and _key(cell) != part.total
    ]
    amount = next((cell.text for cell in cells if _key(cell) == part.total), "")
    return {"files": links, "line": " · ".join(line), "amount": amount}


def _key(cell: Shown) -> str:
    return cell.path.rpartition(".")[2]
