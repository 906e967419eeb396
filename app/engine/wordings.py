"""What authors write in words where a sign is wanted, and the sign: only to say how to write it right."""

import re
from collections.abc import Mapping

_DIGITS = {word: place for place, word in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = r"(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]+)"
_UNITS: Mapping[str, str] = {
    "工作日": "working_days({})",
    "working days": "working_days({})",
    "working day": "working_days({})",
    "天": "P{}D",
    "日": "P{}D",
    "days": "P{}D",
    "day": "P{}D",
    "周": "P{}W",
    "星期": "P{}W",
    "礼拜": "P{}W",
    "weeks": "P{}W",
    "week": "P{}W",
    "小时": "PT{}H",
    "hours": "PT{}H",
    "hour": "PT{}H",
    "分钟": "PT{}M",
    "月": "P{}M",
    "年": "P{}Y",
}
_LENGTH = re.compile(rf"{_NUMBER}\s*个?\s*({'|'.join(_UNITS)})(?:内|之内|以内|后|之后|以后)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PARTS = re.compile(rf"{_NUMBER}分之{_NUMBER}")
_PERCENT = re.compile(r"(\d{1,3})\s*[%％]")
_PEOPLE = re.compile(rf"{_NUMBER}\s*(?:个人|人|名|位)")
_SHARES = {"半数": "1/2", "一半": "1/2", "全体": "1", "全部": "1", "一致": "1"}
_ORDERINGS: Mapping[str, str] = {
    "小于等于": "<= {}", "不大于": "<= {}", "不超过": "<= {}", "不高于": "<= {}", "不多于": "<= {}", "至多": "<= {}",
    "大于等于": ">= {}", "不小于": ">= {}", "不少于": ">= {}", "不低于": ">= {}", "至少": ">= {}",
    "小于": "< {}", "少于": "< {}", "低于": "< {}", "大于": "> {}", "多于": "> {}", "高于": "> {}", "超过": "> {}",
    "不等于": "not({})", "不是": "not({})", "等于": "{}",
}  # fmt: skip
_COMPARED = re.compile(rf"({'|'.join(_ORDERINGS)})\s*(.+)", re.DOTALL)
_BOUNDED = re.compile(rf"{_NUMBER}\s*(?:及|或)?\s*(以上|以下|以内)")
_BETWEEN = re.compile(rf"{_NUMBER}\s*(?:到|至|—|~|～)\s*{_NUMBER}(?:之间)?")


def is_words(text: str) -> bool:
    """Tell whether a text is plain words and no expression that could hold them."""
    return _CHINESE.search(text) is not None and not set("\"'([.") & set(text)


def length_of(text: str) -> str | None:
    """Return a length of time that is written in words as deadlines are written, as P2W for 两周."""
    match = _LENGTH.fullmatch(text.strip().lower())
    number = number_of(match[1]) if match else None
    return _UNITS[match[2]].format(number) if match and number is not None and number.isdigit() else None


def share_in(text: str) -> str | None:
    """Return a share or a number of people that is written in words, as 1/2 for 二分之一."""
    shown = text.strip().replace("／", "/").removesuffix("以上")
    if (parts := _PARTS.fullmatch(shown)) is not None:
        below, above = number_of(parts[1]), number_of(parts[2])
        return f"{above}/{below}" if below and above else None
    if (percent := _PERCENT.fullmatch(shown)) is not None:
        return f"{percent[1]}/100"
    people = _PEOPLE.fullmatch(shown)
    if people is not None:
        return number_of(people[1])
    return _SHARES.get(shown) or (shown if "／" in text else None)


def comparison_in(text: str) -> str | None:
    """Return a comparison that is written in words as a cell of a decision table writes it, as < 20 for 小于20."""
    shown = text.strip()
    if (bounded := _BOUNDED.fullmatch(shown)) is not None:
        return f"{'>=' if bounded[2] == '以上' else '<='} {number_of(bounded[1])}"
    if (between := _BETWEEN.fullmatch(shown)) is not None:
        return f"[{number_of(between[1])}..{number_of(between[2])}]"
    compared = _COMPARED.fullmatch(shown)
    return _ORDERINGS[compared[1]].format(_operand(compared[2])) if compared else None


def number_of(text: str) -> str | None:
    """Read a number below a thousand in figures or in Chinese words."""
    if text.replace(".", "", 1).isdigit():
        return text
    total, last = 0, 0
    for sign in text:
        if sign in {"十", "百"}:
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
        elif sign in _DIGITS:
            last = _DIGITS[sign]
        else:
            return None
    return str(total + last)


def _operand(text: str) -> str:
    found = text.strip()
    if found.startswith('"'):
        return found
    match = re.match(_NUMBER, found)
    number = number_of(match[1]) if match else None
    # Years, people and the like are no part of a number.
    return number if number is not None else f'"{found}"'
