"""Where the values come from that a start form begins with, in words below its fields."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from app.domain.facts import Fact, FactType, Roll, Value
from app.services.starting.prefills import Prefilled
from app.services.texts import full_day


def sources(found: Mapping[str, Prefilled]) -> dict[str, str]:
    """Return a sentence a field: what the file proves, whatever is typed meanwhile, or that it proves nothing."""
    return {key: _source(one) for key, one in found.items()}


def fact_words(fact: Fact, value: Value) -> str:
    """Return how the value of a fact reads: 6 年, 市级, 2018年9月1日, 是."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if fact.type is FactType.DATE:
        return full_day(date.fromisoformat(str(value)))
    if str(value) in fact.options:
        return _(fact.options[str(value)])
    return f"{value} {_(fact.unit)}" if fact.unit else str(value)


def _source(one: Prefilled) -> str:
    origin = _(one.fact.origin)
    if isinstance(one.fact.source, Roll):
        return _("取自%(origin)s。", origin=origin)
    if one.value is None:
        return _("档案里没有核实过的“%(origin)s”，请自己填写。", origin=origin)
    words = fact_words(one.fact, one.value)
    return _(
        "档案里核实的是 %(value)s（%(origin)s %(count)d 条）。", value=words, origin=origin, count=len(one.evidence)
    )
