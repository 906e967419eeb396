"""Fields for text, one line or several."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_, visible
from app.engine.forms.components import Field, Inputs
from app.engine.forms.patterns import Pattern, find_pattern
from app.engine.forms.source import Source

LONGEST_LINE = 500
LONGEST_AREA = 5000
_LINE_BREAKS = "\n\r\t"
_CONTROLS = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    """A text, stripped and without invisible signs; empty is missing."""

    shortest: int = 0
    longest: int = LONGEST_LINE
    pattern: Pattern | None = None
    is_multiline: bool = False

    def clean(self, value: Any, inputs: Inputs) -> str | None:
        """Return the stripped text; raise Wrong."""
        if value is not None and not isinstance(value, str):
            raise self.wrong(N_("%(label)s要填文字。"))
        text = visible(value or "").replace("\r\n", "\n").strip() or None
        self.require(text, inputs)
        if text is not None:
            self._check(text)
        return text

    def _check(self, text: str) -> None:
        if len(text) > self.longest:
            raise self.wrong(
                N_("%(label)s最多 %(limit)d 字，您填了 %(given)d 字。"), limit=self.longest, given=len(text)
            )
        if len(text) < self.shortest:
            raise self.wrong(
                N_("%(label)s至少 %(limit)d 字，您填了 %(given)d 字。"), limit=self.shortest, given=len(text)
            )
        allowed = _LINE_BREAKS if self.is_multiline else ""
        is_plain = text.isprintable()
        if not is_plain and any(unicodedata.category(sign) in _CONTROLS and sign not in allowed for sign in text):
            raise self.wrong(N_("%(label)s里有看不见的控制字符，请重新输入。"))
        if self.pattern is not None and self.pattern.expression.fullmatch(text) is None:
            raise self.wrong(
                N_("%(label)s要填%(wanted)s，您填了“%(given)s”。"), wanted=self.pattern.wanted, given=text[:40]
            )


def build_text_field(source: Source, validate: Source, common: Mapping[str, Any]) -> TextField:
    """Read what belongs to text fields only."""
    is_multiline = common["type"] == "textarea"
    most = LONGEST_AREA if is_multiline else LONGEST_LINE
    return TextField(
        **common,
        is_multiline=is_multiline,
        shortest=validate.whole("minLength", 0, most) or 0,
        longest=validate.whole("maxLength", 1, most) or most,
        pattern=None if is_multiline else _pattern(source, validate),
    )


def _pattern(source: Source, validate: Source) -> Pattern | None:
    text = validate.word("pattern")
    if not text:
        return None
    try:
        return find_pattern(text)
    except ValueError:
        source.refuse(
            "form-unsafe-pattern",
            N_("格式“%(pattern)s”不能用：请写已有的名称，或者不超过 100 字、不带括号和竖线的表达式。"),
            pattern=text[:100],
        )
        return None
