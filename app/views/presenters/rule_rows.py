"""Rules as the rules pages show them: value in words, clause, lock."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.money import yuan
from app.domain.rule_definitions import UNITS, Definition, ValueType
from app.domain.rule_texts import describe
from app.domain.rules import EffectiveRule
from app.domain.vocabulary import LOCK_TITLES, PROGRAMME_TITLES, Lock
from app.services.rulebook.rule_listing import Listing, Row
from app.views.presenters.clauses import ClauseWords, words_of
from app.views.words import full_day

# Kind and icon of a lock's mark.
LOCKS: Mapping[Lock, tuple[str, str]] = {
    Lock.FIXED: ("", "lock"),
    Lock.FLOOR: ("go", "up"),
    Lock.CEILING: ("go", "down"),
    Lock.FREE: ("ok", "pen"),
}

LONG = 24


def groups(listing: Listing, organization_id: int, *, is_several: bool) -> list[dict[str, Any]]:
    """Return the sections of the list, each with its rules; `is_several` names each rule's programme."""
    return [
        {
            "title": title,
            "rows": [
                row_of(row, organization_id, can_change=listing.can_change, is_several=is_several) for row in rows
            ],
        }
        for title, rows in listing.groups.items()
    ]


def row_of(row: Row, organization_id: int, *, can_change: bool, is_several: bool = True) -> dict[str, Any]:
    """Return what a page says of one rule."""
    definition, lock = row.rule.parameter.definition, Lock(row.rule.parameter.lock)
    kind, icon = LOCKS[lock]
    is_table = definition.type == ValueType.ROWS
    return {
        "title": _(definition.title),
        "key": row.rule.key,
        "programme": _(PROGRAMME_TITLES[row.programme]) if is_several else "",
        "value": _("共 %(count)d 行", count=len(row.rule.value)) if is_table else row.rule.text,
        "is_long": not is_table and len(row.rule.text) > LONG,
        "clause": clause_of(row.rule),
        "issuer": row.issuer,
        "lock": {"words": _(LOCK_TITLES[lock]), "kind": kind, "icon": icon},
        "url": url_for("rules.show", programme=row.programme, parameter=row.rule.key, organization=organization_id),
        "is_changeable": can_change and is_editable(row),
        "pending": [
            _("%(day)s起：%(value)s", day=full_day(each.from_on), value=each.rule.text) for each in row.pending
        ],
    }


def is_editable(row: Row) -> bool:
    """Tell whether the page has fields for the value: everything but tables and what is fixed."""
    return row.is_changeable and row.rule.parameter.definition.type != ValueType.ROWS


def clause_of(rule: EffectiveRule) -> ClauseWords:
    """Return a rule's clause for its macro; dashed where the documents say nothing."""
    clause = rule.parameter.clause
    return words_of(clause) if clause else ClauseWords(None, _("文件未规定，本单位设定"))


def table_of(definition: Definition, value: Any) -> dict[str, Any] | None:
    """Return a structured value as a table's heads and rows; none for other values."""
    if definition.type == ValueType.ROWS:
        heads = [_(column.title) for column in definition.columns]
        return {
            "heads": heads,
            "rows": [[describe(column, row[column.key]) for column in definition.columns] for row in value],
        }
    if definition.type == ValueType.CEILINGS:
        rows = [
            [_(title), _("没有规定") if value.get(key) is None else _("%(sum)s 元", sum=yuan(value[key]))]
            for key, title in definition.options.items()
        ]
        return {"heads": [_("类别"), _("每笔上限")], "rows": rows}
    return None


def typed_texts(definition: Definition, value: Any) -> dict[str, list[str]]:
    """Return a value as the fields of the form hold it, by field name."""
    if definition.type == ValueType.CEILINGS:
        return {f"value.{key}": [_yuan(fen)] for key, fen in value.items() if fen is not None}
    return {"value": _texts(definition, value)}


def _texts(definition: Definition, value: Any) -> list[str]:
    if value is None:
        return []
    if definition.type == ValueType.WORDS:
        return ["\n".join(value)]
    if definition.type == ValueType.CHOICES:
        return list(value)
    if definition.type == ValueType.BOOLEAN:
        return ["true" if value else "false"]
    return [_yuan(value) if definition.type == ValueType.MONEY else str(value)]


def field_of(definition: Definition) -> dict[str, Any]:
    """Return what the form needs to ask for a value of the definition's type."""
    options = [(key, _(words)) for key, words in definition.options.items()]
    if definition.type == ValueType.BOOLEAN:
        options = [("true", _(definition.labels[0])), ("false", _(definition.labels[1]))]
    return {
        "type": definition.type.value,
        "label": _(definition.title),
        "unit": _(UNITS[definition.unit]) if definition.unit else "",
        "options": options,
        "empty": _(definition.optional) if definition.optional is not None else None,
        "hint": _hint(definition),
    }


def _hint(definition: Definition) -> str:
    hints = {
        ValueType.RATIO: _("写成 1:1 或 2/3 这样。"),
        ValueType.WORDS: _("一行一个词。"),
        ValueType.MONTH_DAY: _("写成 09-01 这样。"),
        ValueType.CEILINGS: _("不填的类别没有上限。"),
    }
    said = [hints.get(definition.type, "")]
    if definition.optional is not None:
        said.append(_("不填表示：%(words)s。", words=_(definition.optional)))
    return "".join(said)


def _yuan(fen: int) -> str:
    return yuan(fen).removesuffix(".00")
