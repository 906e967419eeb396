"""A form on a fill page: what `Form.shown` gives, turned into what the field macros want."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from app.domain.money import yuan
from app.domain.vocabulary import Lock
from app.engine.forms import Form, Option
from app.engine.forms.choice_fields import CheckboxField, ChoiceField
from app.engine.forms.components import FULL_WIDTH, Field, TextBlock
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.number_fields import NumberField
from app.engine.forms.showing import Shown
from app.views.files import FileLink
from app.views.presenters.clauses import ClauseWords, clause_words

Errors = Mapping[str, Sequence[str]]
KINDS = {"datetime": "date", "textfield": "text", "filepicker": "file", "dynamiclist": "list"}


@dataclass(frozen=True)
class Around:
    """What fields need beside their values: options, files, errors, the rules behind clauses, where values come from."""

    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    files: Mapping[str, FileLink] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """One field of a fill page."""

    kind: str
    name: str
    label: str
    value: Any = ""
    errors: Sequence[str] = ()
    hint: str = ""
    is_required: bool = False
    is_half: bool = False
    is_live: bool = False
    options: Sequence[tuple[str | int, str]] = ()
    unit: str = ""
    files: Sequence[FileLink] = ()
    accept: str = ""
    is_many: bool = False
    has_camera: bool = False
    clause: ClauseWords | None = None
    rows: Sequence[Sequence["Drawn"]] = ()
    total_of: str = ""
    total: str = ""
    least: int = 0
    most: int | None = None
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """Fields under one heading; a list has a heading of its own."""

    title: str
    fields: Sequence[Drawn]
    is_list: bool = False


def sections(form: Form, title: str, shown: Sequence[Shown], around: Around) -> list[Section]:
    """Return the fill page's sheets: plain fields together, each list for itself."""
    live = {one.condition.key for one in form.walk() if one.condition}
    found: list[Section] = []
    run: list[Drawn] = []
    for one in shown:
        drawn = draw(one, around, live)
        if drawn.kind == "list":
            found += [_plain(title, run, found)] if run else []
            found.append(Section(drawn.label, [drawn], is_list=True))
            run = []
        else:
            run.append(drawn)
    return [*found, _plain(title, run, found)] if run else found


def unticked(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in which a box that nobody saw yet is not ticked, as conditions expect it."""
    boxes = {key: False for key, one in form.fields.items() if isinstance(one, CheckboxField)}
    return {**boxes, **values}


def labels(form: Form, errors: Errors) -> dict[str, str]:
    """Return how the summary of errors names each path: 明细 第 2 行 金额."""
    return {path: _label(form, path) for path in errors}


def draw(one: Shown, around: Around, live: set[str]) -> Drawn:
    """Return what the macros want of one shown component."""
    part = one.component
    if isinstance(part, TextBlock):
        return Drawn("note", "", "", paragraphs=part.paragraphs)
    if not isinstance(part, Field):
        return Drawn("note", "", part.label, paragraphs=())
    return Drawn(
        kind=_kind(part) if one.mode == "write" and not _is_fixed(part, around) else "read",
        name=one.path,
        label=part.label,
        value=_value(one),
        errors=around.errors.get(one.path, ()),
        hint=" ".join(filter(None, (_hint(part), around.sources.get(one.path)))),
        is_required=part.is_required or isinstance(part, CheckboxField),
        is_half=part.width < FULL_WIDTH,
        is_live=part.key in live,
        clause=clause_words(around.rules, part.clause) if part.clause else None,
        **_more(one, part, around, live),
    )


def _plain(title: str, run: list[Drawn], before: Sequence[Section]) -> Section:
    return Section(_("其他") if before else title, run)


def _is_fixed(part: Field, around: Around) -> bool:
    """Tell whether a rule that nobody below may change fills the field in."""
    return around.rules.get(part.rule, {}).get("lock") == Lock.FIXED


def _kind(part: Field) -> str:
    if isinstance(part, NumberField) and part.is_money:
        return "money"
    return KINDS.get(part.type, part.type)


def _value(one: Shown) -> Any:
    part = one.component
    return one.value if isinstance(part, CheckboxField) or _is_several(part) else one.text


def _is_several(part: object) -> bool:
    return isinstance(part, ChoiceField) and part.is_multiple


def _hint(part: Field) -> str:
    if isinstance(part, FileField) and not part.description:
        return _("PDF、JPG 或 PNG，每个不超过 20 MB。")
    return part.description


def _more(one: Shown, part: Field, around: Around, live: set[str]) -> dict[str, Any]:
    if isinstance(part, ChoiceField):
        found = around.options.get(part.list_key, ()) if part.list_key else part.choices
        return {"options": [(option.value, _option(option)) for option in found]}
    if isinstance(part, NumberField):
        return {"unit": part.unit}
    if isinstance(part, FileField):
        return _file(one, part, around)
    if isinstance(part, ListField):
        return _list(one, part, around, live)
    return {}


def _option(option: Option) -> str:
    return f"{option.label} · {option.hint}" if option.hint else option.label


def _file(one: Shown, part: FileField, around: Around) -> dict[str, Any]:
    kept = one.value if isinstance(one.value, list) else [one.value]
    return {
        "files": [around.files[each] for each in kept if isinstance(each, str) and each in around.files],
        "accept": part.accept or "application/pdf,image/*",
        "is_many": part.is_multiple,
        "has_camera": not part.accept or any(end in part.accept for end in (".jpg", ".png")),
    }


def _list(one: Shown, part: ListField, around: Around, live: set[str]) -> dict[str, Any]:
    amounts = [cell.value for row in one.rows for cell in row if cell.path.endswith(f".{part.total}")]
    rows = [[_cell(cell, part, around, live) for cell in row] for row in one.rows]
    if part.begins:
        return {"rows": rows, "least": len(rows), "most": len(rows)}
    return {
        "rows": rows,
        "total_of": part.total,
        "total": yuan(sum(amount for amount in amounts if isinstance(amount, int))),
        "least": max(part.fewest, int(part.is_required)),
        "most": part.most,
    }


def _cell(cell: Shown, part: ListField, around: Around, live: set[str]) -> Drawn:
    drawn = draw(cell, around, live)
    is_fixed = part.fixed and isinstance(cell.component, Field) and cell.component.key == part.fixed
    return replace(drawn, kind="fixed") if is_fixed and drawn.kind != "read" else drawn


def _label(form: Form, path: str) -> str:
    names = path.split(".")
    found = form.field(names[0])
    if found is None:
        return ""
    if len(names) == 1:
        return found.label
    cell = form.field(path)
    number = int(names[1]) + 1 if names[1].isdecimal() else 0
    return _("%(list)s第 %(number)d 行%(cell)s", list=found.label, number=number, cell=cell.label if cell else "")
