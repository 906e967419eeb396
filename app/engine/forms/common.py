"""What every component's JSON object may say."""

import json
import re
from keyword import iskeyword
from typing import Any

from app.domain.text import N_
from app.engine.forms.components import FULL_WIDTH, Access
from app.engine.forms.conditions import Condition, parse_condition
from app.engine.forms.prefills import read_prefill
from app.engine.forms.registry import CONSTANT_KEYS, RESERVED_KEYS
from app.engine.forms.source import Source

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_LONGEST_LABEL = 200
# What is not filled in reads like an answer.
_WITHOUT_NOTHING = frozenset({"checkbox", "filepicker"})


def read_common(source: Source, properties: Source) -> dict[str, Any]:
    """Return the parts that text blocks and fields share."""
    source.take("readonly", "disabled")
    return {
        "id": source.word("id") or source.where,
        "type": source.take("type"),
        "label": source.text("dateLabel", "label", longest=_LONGEST_LABEL),
        "description": source.text("description"),
        "width": _width(source, properties),
        "condition": _condition(source),
        "access": Access(properties.words("write"), properties.words("read"), properties.words("hidden")),
    }


def read_field_common(source: Source, validate: Source, properties: Source, key: str = "key") -> dict[str, Any]:
    """Return the parts that all fields share."""
    common = read_common(source, properties)
    if not common["label"]:
        source.refuse("form-label", N_("字段要有中文名称，请填写 label。"))
    rule = _rule(source, properties, str(common["type"]))
    return common | {
        "key": _key(source, key),
        "is_required": validate.flag("required"),
        "default": _default(source),
        "clause": _parameter(source, properties, "clause") or rule,
        "rule": rule,
        "prefill": read_prefill(source, properties, str(common["type"])),
    }


def _key(source: Source, name: str) -> str:
    key = source.word(name)
    if _KEY.fullmatch(key) is None:
        source.refuse("form-key", N_("字段名 key 要以小写字母开头，只用小写字母、数字和下划线，不超过 40 个字符。"))
    if key in RESERVED_KEYS:
        source.refuse("form-key", N_("字段名“%(name)s”是系统保留的，请换一个。"), name=key)
    if key in CONSTANT_KEYS or iskeyword(key):
        message = N_("字段名“%(name)s”在算式和情景里会被读成真假、空或者算式的词，请换一个，例如 is_%(name)s。")
        source.refuse("form-key", message, name=key)
    return key


def _width(source: Source, properties: Source) -> int:
    layout = source.section("layout")
    layout.take("row")
    from_layout = layout.whole("columns", 1, FULL_WIDTH)
    layout.finish()
    text = properties.word("columns")
    if text and not (text.isdecimal() and 1 <= int(text) <= FULL_WIDTH):
        source.refuse("form-bad-value", N_("“%(key)s”要写成 1 到 16 之间的整数。"), key="properties.columns")
        return FULL_WIDTH
    return int(text) if text else from_layout or FULL_WIDTH


def _condition(source: Source) -> Condition | None:
    section = source.section("conditional")
    text = section.word("hide")
    section.finish()
    if not text:
        return None
    try:
        return parse_condition(text)
    except ValueError:
        message = N_("隐藏条件“%(text)s”读不懂，请写成“字段 = 值”，例如 =fixed_assets = false。")
        source.refuse("form-condition", message, text=text[:60])
        return None


def _rule(source: Source, properties: Source, component: str) -> str:
    rule = _parameter(source, properties, "rule")
    if rule and component in _WITHOUT_NOTHING:
        source.refuse("form-bad-value", N_("勾选框和附件不能写 properties.rule：不填和填“否”分不开。"))
    return rule


def _parameter(source: Source, properties: Source, name: str) -> str:
    parameter = properties.word(name)
    if parameter and _PARAMETER.fullmatch(parameter) is None:
        source.refuse("form-bad-value", N_("“%(key)s”要写成规则参数名。"), key=f"properties.{name}")
    return parameter


def _default(source: Source) -> Any:
    value = source.take("defaultValue")
    if isinstance(value, dict) or len(json.dumps(value)) > _LONGEST_LABEL:
        source.refuse("form-bad-value", N_("“%(key)s”只能是简短的文字、数字、真假或者选项。"), key="defaultValue")
        return None
    return value
