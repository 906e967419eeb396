"""Fields for numbers and money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.money import NotMoney, parse_yuan, yuan
from app.domain.text import N_
from app.engine.forms.components import Field, Inputs, brief
from app.engine.forms.numerals import read_figure
from app.engine.forms.source import Source

LARGEST = 10**12
_MOST_DIGITS = 6
_WIDEST = 63


@dataclass(frozen=True, kw_only=True)
class NumberField(Field):
    """A number with at most `digits` decimals; money is a whole number of fen, never negative."""

    minimum: int | float
    maximum: int | float
    digits: int = 0
    is_money: bool = False
    unit: str = ""

    def clean(self, value: Any, inputs: Inputs) -> int | float | None:
        """Return the number; raise Wrong."""
        if value is None:
            self.require(None, inputs)
            return None
        if not self._is_number(value):
            raise self._not_a_number(value)
        if value < self.minimum:
            raise self.wrong(N_("%(label)s至少 %(limit)s，您填了 %(given)s。"), **self._bound(self.minimum, value))
        if value > self.maximum:
            raise self.wrong(N_("%(label)s最多 %(limit)s，您填了 %(given)s。"), **self._bound(self.maximum, value))
        number: int | float = value
        return number

    def read(self, texts: Sequence[str]) -> Any:
        """Read yuan or a figure; a text that is neither stays as it was typed."""
        text = super().read(texts)
        if text is None:
            return None
        figure = _read_fen(text) if self.is_money else read_figure(text, self.digits)
        return text if figure is None else figure

    def text(self, value: Any) -> str:
        """Return yuan for money, plain figures otherwise: 9 for 9.0."""
        is_fen = self.is_money and isinstance(value, int) and not isinstance(value, bool)
        is_whole = isinstance(value, float) and value.is_integer()
        return yuan(value) if is_fen else super().text(int(value) if is_whole else value)

    def _is_number(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if isinstance(value, int):
            return value.bit_length() <= _WIDEST
        return self.digits > 0 and abs(value) <= LARGEST and round(value, self.digits) == value

    def _not_a_number(self, value: Any) -> Exception:
        given = brief(value)
        if self.is_money:
            return self.wrong(N_("%(label)s要填数字，最多两位小数，例如 1,120.00，您填了“%(given)s”。"), given=given)
        if self.digits:
            message = N_("%(label)s要填数字，最多 %(digits)d 位小数，您填了“%(given)s”。")
            return self.wrong(message, digits=self.digits, given=given)
        return self.wrong(N_("%(label)s要填整数，您填了“%(given)s”。"), given=given)

    def _bound(self, limit: float, given: float) -> dict[str, str]:
        unit = " 元" if self.is_money else f" {self.unit}".rstrip()
        return {"limit": self.text(limit) + unit, "given": self.text(given) + unit}


def _read_fen(text: str) -> int | None:
    try:
        return parse_yuan(text)
    except NotMoney:
        return None


def build_number_field(source: Source, validate: Source, properties: Source, common: Mapping[str, Any]) -> NumberField:
    """Read what belongs to number fields only; money bounds are in fen."""
    is_money = properties.one_of("format", {"money"}) == "money"
    minimum, maximum = validate.number("min"), validate.number("max")
    lowest = 0 if is_money else -LARGEST
    field = NumberField(
        **common,
        is_money=is_money,
        digits=0 if is_money else source.whole("decimalDigits", 0, _MOST_DIGITS) or 0,
        unit=properties.text("unit", longest=8),
        minimum=lowest if minimum is None else minimum,
        maximum=LARGEST if maximum is None else maximum,
    )
    _check_bounds(source, field)
    return field


def _check_bounds(source: Source, field: NumberField) -> None:
    if field.minimum > field.maximum:
        source.refuse("form-bad-bounds", N_("最小值大于最大值，请改正 min 和 max。"))
    if field.is_money and not (
        isinstance(field.minimum, int) and isinstance(field.maximum, int) and field.minimum >= 0
    ):
        source.refuse("form-bad-bounds", N_("金额的 min 和 max 以分为单位，要写不小于 0 的整数。"))
