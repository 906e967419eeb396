"""Check the values of rule parameters."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.errors import Invalid
from app.domain.money import yuan
from app.domain.rule_definitions import UNITS, Column, Definition, Shape, ValueType
from app.domain.text import N_

MOST_WORDS = 200
LONGEST_WORD = 40
LEAP_YEAR = 2000
_RATIO = re.compile(r"(\d{1,4})[/:：](\d{1,4})")
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


def check_value(shape: Shape, value: Any, path: str = "value") -> Any:
    """Return the value in its one form; raises Invalid that names `path`."""
    if value is None and shape.optional is not None:
        return None
    return _CHECKS[shape.type](shape, value, path)


def _check_number(shape: Shape, value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid.field(path, N_("%(title)s请填写整数。"), title=shape.title)
    if value < shape.minimum:
        raise Invalid.field(
            path, N_("%(title)s最小 %(limit)s。"), title=shape.title, limit=_amount(shape, shape.minimum)
        )
    if shape.maximum is not None and value > shape.maximum:
        raise Invalid.field(
            path, N_("%(title)s最大 %(limit)s。"), title=shape.title, limit=_amount(shape, shape.maximum)
        )
    return value


def _amount(shape: Shape, value: int) -> str:
    return (
        f"{yuan(value)} 元" if shape.type == ValueType.MONEY else f"{value} {UNITS.get(shape.unit or '', '')}".strip()
    )


def _check_ratio(shape: Shape, value: Any, path: str) -> str:
    match = _RATIO.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
    if match is None or not int(match[1]) or not int(match[2]):
        raise Invalid.field(path, N_("%(title)s请填写比例，例如 1:1 或 2/3。"), title=shape.title)
    ratio = Fraction(int(match[1]), int(match[2]))
    if shape.share_from is not None and not Fraction(shape.share_from) <= ratio <= 1:
        message = N_("%(title)s请填写 %(least)s 到 1/1 之间的比例，例如 2/3。")
        raise Invalid.field(path, message, title=shape.title, least=shape.share_from)
    return f"{ratio.numerator}/{ratio.denominator}"


def _check_boolean(shape: Shape, value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid.field(
            path, N_("%(title)s请选“%(yes)s”或“%(no)s”。"), title=shape.title, yes=shape.labels[0], no=shape.labels[1]
        )
    return value


def _check_choice(shape: Shape, value: Any, path: str) -> str:
    if not isinstance(value, str) or value not in shape.options:
        labels = "、".join(shape.options.values())
        raise Invalid.field(path, N_("%(title)s请从这些里选：%(options)s。"), title=shape.title, options=labels)
    return value


def _check_choices(shape: Shape, value: Any, path: str) -> list[str]:
    chosen = {_check_choice(shape, item, path) for item in _list(shape, value, path)}
    if len(chosen) < shape.minimum:
        raise Invalid.field(path, N_("%(title)s至少选 %(count)d 项。"), title=shape.title, count=shape.minimum)
    if shape.maximum is not None and len(chosen) > shape.maximum:
        raise Invalid.field(path, N_("%(title)s最多选 %(count)d 项。"), title=shape.title, count=shape.maximum)
    return [option for option in shape.options if option in chosen]


def _check_text(shape: Shape, value: Any, path: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_WORD:
        raise Invalid.field(path, N_("%(title)s请填写 1 到 %(count)d 个字。"), title=shape.title, count=LONGEST_WORD)
    return text


def _check_words(shape: Shape, value: Any, path: str) -> list[str]:
    words = dict.fromkeys(_check_text(shape, word, path) for word in _list(shape, value, path))
    if len(words) > MOST_WORDS:
        raise Invalid.field(path, N_("%(title)s最多 %(count)d 个。"), title=shape.title, count=MOST_WORDS)
    return list(words)


def _check_month_day(shape: Shape, value: Any, path: str) -> str:
    match = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        if match is not None:
            return date(LEAP_YEAR, int(match[1]), int(match[2])).strftime("%m-%d")
    except ValueError:
        pass
    raise Invalid.field(path, N_("%(title)s请填写月和日，例如 09-01。"), title=shape.title)


def _check_ceilings(shape: Shape, value: Any, path: str) -> dict[str, int | None]:
    if not isinstance(value, Mapping) or not set(value) <= set(shape.options):
        raise Invalid.field(path, N_("%(title)s请按列出的类别填写金额。"), title=shape.title)
    given = {key: fen for key, fen in value.items() if fen is not None}
    return {key: _check_number(shape, given[key], f"{path}.{key}") if key in given else None for key in shape.options}


def _check_rows(shape: Shape, value: Any, path: str) -> list[dict[str, Any]]:
    columns = shape.columns if isinstance(shape, Definition) else ()
    rows = [_check_row(shape, columns, row, f"{path}.{number}") for number, row in enumerate(_list(shape, value, path))]
    if not rows:
        raise Invalid.field(path, N_("%(title)s至少写一行。"), title=shape.title)
    for column in columns:
        if column.total is not None and sum(row[column.key] for row in rows) != column.total:
            raise Invalid.field(path, N_("各行%(title)s相加应为 %(total)d。"), title=column.title, total=column.total)
    return rows


def _check_row(shape: Shape, columns: tuple[Column, ...], row: Any, path: str) -> dict[str, Any]:
    if not isinstance(row, Mapping) or not set(row) <= {column.key for column in columns}:
        raise Invalid.field(path, N_("%(title)s的各行请按列出的栏目填写。"), title=shape.title)
    return {column.key: check_value(column, row.get(column.key), f"{path}.{column.key}") for column in columns}


def _list(shape: Shape, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Invalid.field(path, N_("%(title)s请填写列表。"), title=shape.title)
    return list(value)


_CHECKS: Mapping[ValueType, Callable[[Shape, Any, str], Any]] = {
    ValueType.NUMBER: _check_number,
    ValueType.MONEY: _check_number,
    ValueType.RATIO: _check_ratio,
    ValueType.BOOLEAN: _check_boolean,
    ValueType.CHOICE: _check_choice,
    ValueType.CHOICES: _check_choices,
    ValueType.WORDS: _check_words,
    ValueType.MONTH_DAY: _check_month_day,
    ValueType.CEILINGS: _check_ceilings,
    ValueType.ROWS: _check_rows,
    ValueType.TEXT: _check_text,
}
