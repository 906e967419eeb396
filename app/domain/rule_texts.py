"""Write rule values for people, and read what people type."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.errors import Invalid
from app.domain.money import NotMoney, parse_yuan, yuan
from app.domain.rule_definitions import UNITS, Definition, Shape, ValueType
from app.domain.rule_values import check_value
from app.domain.text import N_

NUMERALS = "〇一二三四五六七八九十"
SEVERAL = (ValueType.CHOICES, ValueType.WORDS)


def describe(shape: Shape, value: Any) -> str:
    """Write a value as the rules page shows it, as in 不低于 1 : 1 or 6 年以上."""
    return shape.optional or "" if value is None else shape.pattern.format(plain(shape, value))


def plain(shape: Shape, value: Any) -> str:
    """Write a value without the words around it, as in 1 : 1 or 6 年."""
    return shape.optional or "" if value is None else _WRITERS[shape.type](shape, value)


def read_value(definition: Definition, typed: Sequence[str]) -> Any:
    """Return the value that a person typed or ticked in a form; raises Invalid at `value`.

    Money is read in yuan, words stand one a line, an empty field is null. Rows and ceilings are not
    typed in one field: they come as JSON.
    """
    texts = [text.strip() for text in typed if text.strip()]
    if not texts and definition.optional is not None:
        return None
    return check_value(definition, _typed(definition, texts))


def read_ceilings(definition: Definition, typed: Mapping[str, str]) -> Any:
    """Return ceilings typed in yuan, one field an option; empty is no ceiling. Raises Invalid at `value.<option>`."""
    given = {key: _fen(text, f"value.{key}") for key, text in typed.items() if text.strip()}
    return check_value(definition, given)


def _typed(definition: Definition, texts: list[str]) -> Any:
    if definition.type in SEVERAL:
        return [word.strip() for text in texts for word in text.splitlines() if word.strip()]
    text = texts[0] if texts else ""
    if definition.type == ValueType.NUMBER:
        return int(text) if text.isdecimal() else None
    if definition.type == ValueType.BOOLEAN:
        return {"true": True, "false": False}.get(text)
    return _fen(text) if definition.type == ValueType.MONEY else text


def _fen(text: str, path: str = "value") -> int:
    try:
        return parse_yuan(text)
    except NotMoney as error:
        raise Invalid({path: [error.sentence]}) from error


def _number(shape: Shape, value: int) -> str:
    return f"{value}%" if shape.unit == "percent" else f"{value} {UNITS.get(shape.unit or '', '')}".strip()


def _money(shape: Shape, value: int) -> str:
    del shape
    return f"{yuan(value).removesuffix('.00')} 元"


def _ratio(shape: Shape, value: str) -> str:
    del shape
    part, whole = (int(number) for number in value.split("/"))
    if part >= whole:
        return f"{part} : {whole}"
    return f"{_numeral(whole)}分之{_numeral(part)}"


def _numeral(number: int) -> str:
    return NUMERALS[number] if number < len(NUMERALS) else f" {number} "


def _boolean(shape: Shape, value: bool) -> str:  # noqa: FBT001 - the value itself
    return shape.labels[not value]


def _choice(shape: Shape, value: str) -> str:
    return shape.options[value]


def _choices(shape: Shape, value: list[str]) -> str:
    return "、".join(shape.options[item] for item in value)


def _words(shape: Shape, value: list[str]) -> str:
    del shape
    return "、".join(value)


def _text(shape: Shape, value: str) -> str:
    del shape
    return value


def _month_day(shape: Shape, value: str) -> str:
    del shape
    month, day = value.split("-")
    return f"{int(month)} 月 {int(day)} 日"


def _ceilings(shape: Shape, value: Mapping[str, int | None]) -> str:
    limits = [f"{shape.options[key]} {_money(shape, fen)}" for key, fen in value.items() if fen is not None]
    if not limits:
        return N_("没有规定")
    rest = N_("其余没有规定")
    return "；".join(limits if len(limits) == len(value) else [*limits, rest])


def _rows(shape: Shape, value: list[dict[str, Any]]) -> str:
    columns = shape.columns if isinstance(shape, Definition) else ()
    return "；".join(" ".join(describe(column, row[column.key]) for column in columns) for row in value)


_WRITERS: Mapping[ValueType, Callable[[Shape, Any], str]] = {
    ValueType.NUMBER: _number,
    ValueType.MONEY: _money,
    ValueType.RATIO: _ratio,
    ValueType.BOOLEAN: _boolean,
    ValueType.CHOICE: _choice,
    ValueType.CHOICES: _choices,
    ValueType.WORDS: _words,
    ValueType.MONTH_DAY: _month_day,
    ValueType.CEILINGS: _ceilings,
    ValueType.ROWS: _rows,
    ValueType.TEXT: _text,
}
