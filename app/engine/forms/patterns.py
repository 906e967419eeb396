"""What a text field may have to look like: named patterns, or a short and harmless expression."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.text import N_


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern and what it asks for, in words."""

    expression: re.Pattern[str]
    wanted: str


PATTERNS: Mapping[str, Pattern] = MappingProxyType(
    {
        "mobile": Pattern(re.compile(r"1[3-9][0-9]{9}"), N_("11 位手机号")),
        "id_card": Pattern(re.compile(r"[1-9][0-9]{16}[0-9X]"), N_("18 位身份证号")),
        "invoice_number": Pattern(re.compile(r"[0-9]{8}|[0-9]{20}"), N_("8 位或者 20 位发票号码")),
        "voucher_number": Pattern(re.compile(r"[0-9A-Za-z\u4e00-\u9fff\-]{1,30}"), N_("凭证号，例如 记-0318")),
        "email": Pattern(re.compile(r"[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{1,190}"), N_("电子邮箱地址")),
        "year": Pattern(re.compile(r"20[0-9]{2}"), N_("四位年份，例如 2026")),
        "digits": Pattern(re.compile(r"[0-9]{1,40}"), N_("数字")),
        "code": Pattern(re.compile(r"[0-9A-Za-z\-]{1,40}"), N_("字母、数字和短横线")),
    }
)

_LONGEST = 100
_QUANTIFIER = re.compile(r"[*+?]|\{[0-9]*,?[0-9]*\}")
# No field holds as many signs.
_ENDLESS = re.compile(r"\{[^}]*[0-9]{5}")
_NARROW = re.compile(r"\?|\{1?\}")
# Without groups, alternatives and more than two quantifiers that repeat, matching takes at most n² steps.
_MOST_QUANTIFIERS, _MOST_WIDE = 4, 2
# What re takes for sets of sets one day, and warns of today.
_NESTED = re.compile(r"\[\[|\[.*(?:--|&&|~~|\|\||\[)")
_CLASS_OR_ESCAPE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")


def find_pattern(text: str) -> Pattern:
    """Return a named pattern or compile a harmless one; raise ValueError for anything else."""
    if text in PATTERNS:
        return PATTERNS[text]
    if re.fullmatch(r"[a-z_]+", text) or not _is_harmless(text):
        raise ValueError(text)
    try:
        return Pattern(re.compile(text), N_("规定的格式"))
    except (re.error, OverflowError) as error:
        raise ValueError(text) from error


def _is_harmless(text: str) -> bool:
    bare = _CLASS_OR_ESCAPE.sub("x", text)
    quantifiers = _QUANTIFIER.findall(bare)
    wide = [found for found in quantifiers if not _NARROW.fullmatch(found)]
    return (
        len(text) <= _LONGEST
        and not re.search(r"\\[0-9A-Zabfghjklmnopqrtuvxyz]", text.replace("\\d", "").replace("\\w", ""))
        and not set(bare) & set("()|")
        and not _NESTED.search(text)
        and not _ENDLESS.search(bare)
        and len(quantifiers) <= _MOST_QUANTIFIERS
        and len(wide) <= _MOST_WIDE
    )
