"""Building each component from its JSON object."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.text import N_
from app.engine.forms.choice_fields import CheckboxField, build_choice_field
from app.engine.forms.common import read_common, read_field_common
from app.engine.forms.components import Access, Component, Field, TextBlock
from app.engine.forms.date_fields import DateField
from app.engine.forms.file_fields import build_file_field
from app.engine.forms.list_fields import MOST_ROWS, ListField
from app.engine.forms.number_fields import build_number_field
from app.engine.forms.problems import FormProblem
from app.engine.forms.source import Source
from app.engine.forms.text_fields import build_text_field

Builder = Callable[[Source, Source, Source], Component]


def build_components(items: list[dict[str, Any]], problems: list[FormProblem]) -> tuple[Component, ...]:
    """Build every component that can be read; note the problems of the rest."""
    built = (_build(item, problems) for item in items)
    return tuple(component for component in built if component is not None)


def _build(item: dict[str, Any], problems: list[FormProblem]) -> Component | None:
    name = str(item.get("key") or item.get("path") or item.get("id") or "")[:60]
    source = Source(item, name, problems)
    builder = BUILDERS.get(str(source.take("type")))
    if builder is None:
        message = N_("不支持组件类型“%(type)s”，可以用的有：%(allowed)s。")
        source.refuse("form-unknown-type", message, type=str(item.get("type"))[:40], allowed="、".join(BUILDERS))
        return None
    validate, properties = source.section("validate"), source.section("properties")
    before = len(problems)
    component = builder(source, validate, properties)
    for section in (source, validate, properties):
        section.finish()
    return component if len(problems) == before else None


def _text(source: Source, validate: Source, properties: Source) -> TextBlock:  # noqa: ARG001 - every builder gets them
    paragraphs = tuple(part.strip() for part in re.split(r"\n\s*\n", source.text("text")) if part.strip())
    if not paragraphs:
        source.refuse("form-empty-text", N_("文字块里没有文字，请填写 text 或者删去它。"))
    return TextBlock(**read_common(source, properties), paragraphs=paragraphs)


def _text_field(source: Source, validate: Source, properties: Source) -> Component:
    return build_text_field(source, validate, read_field_common(source, validate, properties))


def _number(source: Source, validate: Source, properties: Source) -> Component:
    return build_number_field(source, validate, properties, read_field_common(source, validate, properties))


def _date(source: Source, validate: Source, properties: Source) -> Component:
    if source.one_of("subtype", {"date"}) != "date":
        source.refuse("form-bad-value", N_("日期组件只支持 subtype 为 date。"))
    return DateField(**read_field_common(source, validate, properties))


def _choice(source: Source, validate: Source, properties: Source) -> Component:
    return build_choice_field(source, read_field_common(source, validate, properties))


def _checkbox(source: Source, validate: Source, properties: Source) -> Component:
    return CheckboxField(**read_field_common(source, validate, properties))


def _file(source: Source, validate: Source, properties: Source) -> Component:
    return build_file_field(source, properties, read_field_common(source, validate, properties))


def _list(source: Source, validate: Source, properties: Source) -> Component:
    common = read_field_common(source, validate, properties, key="path")
    rows = source.whole("defaultRepetitions", 0, MOST_ROWS)
    for key in ("isRepeating", "allowAddRemove", "showOutline", "disableCollapse", "nonCollapsedItems"):
        source.take(key)
    field = ListField(
        **common,
        cells=build_components(source.objects("components"), source.problems),
        fewest=validate.whole("minLength", 0, MOST_ROWS) or 0,
        most=validate.whole("maxLength", 1, MOST_ROWS) or MOST_ROWS,
        blank_rows=1 if rows is None else rows,
        total=properties.word("total"),
        begins=properties.word("begins"),
        fixed=properties.word("fixed"),
    )
    _check_list(source, field)
    return field


def _check_beginning(source: Source, field: ListField) -> None:
    if bool(field.begins) != bool(field.fixed) or field.fixed not in {"", *field.fields}:
        source.refuse("form-list", N_("begins 和 fixed 要一起写：从哪个环节的哪一列开始，列表里哪个字段只给看。"))


def _check_list(source: Source, field: ListField) -> None:
    if not field.fields:
        source.refuse("form-list", N_("列表里至少要有一个字段。"))
    if field.total and field.total not in field.fields:
        source.refuse("form-list", N_("合计列“%(name)s”不在列表里，请改正 total。"), name=field.total)
    _check_beginning(source, field)
    for cell in field.cells:
        if isinstance(cell, ListField):
            source.refuse("form-list", N_("列表里不能再放列表，请移到外面。"))
        if cell.access != Access():
            source.refuse("form-list", N_("列表里的字段不能单独设 write、read、hidden，请设在列表上。"))
        if isinstance(cell, Field) and (cell.prefill or cell.rule):
            source.refuse("form-list", N_("列表里的字段不能写 prefill 和 rule，请删去。"))
        if isinstance(cell, Field) and cell.clause and not cell.label:
            source.refuse("form-list", N_("列表里的每个字段都要有名称 label。"))


BUILDERS: Mapping[str, Builder] = MappingProxyType(
    {
        "text": _text,
        "textfield": _text_field,
        "textarea": _text_field,
        "number": _number,
        "datetime": _date,
        "select": _choice,
        "radio": _choice,
        "checkbox": _checkbox,
        "checklist": _choice,
        "dynamiclist": _list,
        "filepicker": _file,
    }
)
