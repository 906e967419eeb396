"""The file is BPMN 2.0 as the standard's schema has it, told in Chinese with line and element."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from app.domain.text import N_, Sentence, sentence
from app.engine.problems import Problem

MOST, LONGEST = 20, 60
# libxml2's compiled schema keeps its errors in itself.
_ONE_AT_A_TIME = Lock()
_QUOTED = re.compile(r"'((?:\{[^}]*\})?([^']*))'")
_NAME = re.compile(r"[^\W\d][\w.\-]*")


@lru_cache(maxsize=1)
def _validator() -> BpmnValidator:
    return BpmnValidator()


def check_schema(root: Any, file: str) -> Iterator[Problem]:
    """Find where a diagram departs from the BPMN schema, the first places of many."""
    # The validator mends correlation properties in place: it gets a copy.
    copy = deepcopy(root)
    with _ONE_AT_A_TIME:
        _validator().preprocess(copy)
        _validator().validator.validate(copy)
        errors = [
            (error.line, error.path, error.type_name, error.message) for error in _validator().validator.error_log
        ]
    ids = [node.get("id") for node in copy.iter() if node.get("id")]
    for line, path, kind, message in islice(errors, MOST):
        node = next(iter(copy.xpath(path, namespaces=_prefixes(copy))), None) if path else None
        told = _told(kind, message, ids)
        problem = sentence(N_("第 %(line)d 行不合 BPMN 2.0 标准：%(reason)s"), line=line, reason=str(told))
        yield Problem(file, _place_of(node), "bpmn-schema", problem)


def _prefixes(root: Any) -> dict[str, str]:
    found = {prefix: uri for node in root.iter() for prefix, uri in node.nsmap.items() if prefix}
    return found or {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}


def _place_of(node: Any) -> str:
    """Return the id of the nearest element around a place that has one."""
    while node is not None and not node.get("id"):
        node = node.getparent()
    return "" if node is None else str(node.get("id"))


def _told(kind: str, message: str, ids: list[str]) -> Sentence:
    words = [match.group(2)[:LONGEST] for match in _QUOTED.finditer(message)]
    tell = _SENTENCES.get(kind.removeprefix("SCHEMAV_"), _anything)
    return tell([*words, "", "", ""], ids)


def _anything(words: list[str], _ids: list[str]) -> Sentence:
    return sentence(N_("<%(name)s> 的写法不对，请用流程设计器打开再保存一次。"), name=words[0])


def _unknown_attribute(words: list[str], _ids: list[str]) -> Sentence:
    message = N_("<%(name)s> 没有属性 %(attribute)s，请删去；自己的属性要带前缀 shenpi。")
    return sentence(message, name=words[0], attribute=words[1])


def _missing_attribute(words: list[str], _ids: list[str]) -> Sentence:
    return sentence(N_("<%(name)s> 缺少属性 %(attribute)s，请补上。"), name=words[0], attribute=words[1])


def _unexpected(words: list[str], _ids: list[str]) -> Sentence:
    message = N_("<%(name)s> 不能写在这里，或者次序不对，请删去或者移到标准规定的位置。")
    return sentence(message, name=words[0])


def _incomplete(words: list[str], _ids: list[str]) -> Sentence:
    return sentence(N_("<%(name)s> 里面缺少必要的内容，请补上。"), name=words[0])


def _stray_text(words: list[str], _ids: list[str]) -> Sentence:
    return sentence(N_("<%(name)s> 里面不能直接写文字，请删去。"), name=words[0])


def _wrong_value(words: list[str], ids: list[str]) -> Sentence:
    name, attribute, value = words[:3]
    if attribute != "id":
        value = value if len(words) > _WITH_ATTRIBUTE else attribute
        message = N_("<%(name)s> 里的值“%(value)s”不对，请按标准填写。")
        return sentence(message, name=name, value=value)
    if _NAME.fullmatch(value) and ids.count(value) > 1:
        return sentence(N_("编号“%(value)s”用了不止一次，请给 <%(name)s> 换一个编号。"), name=name, value=value)
    return sentence(N_("编号“%(value)s”不对，只能用字母、数字和下划线，以字母开头，请改正。"), value=value)


def _not_listed(words: list[str], _ids: list[str]) -> Sentence:
    message = N_("<%(name)s> 的属性 %(attribute)s 没有“%(value)s”这个值，请改成标准里有的，或者删去。")
    return sentence(message, name=words[0], attribute=words[1], value=words[3])


def _no_diagram(_words: list[str], _ids: list[str]) -> Sentence:
    return sentence(N_("这不是 BPMN 2.0 文件：最外面要是 BPMN 命名空间的 definitions，请重新导出。"))


# Element, attribute, value, type; without an attribute one less, and three empty ones behind.
_WITH_ATTRIBUTE = 6
_SENTENCES: Mapping[str, Callable[[list[str], list[str]], Sentence]] = {
    "CVC_COMPLEX_TYPE_3_2_1": _unknown_attribute,
    "CVC_COMPLEX_TYPE_3_2_2": _unknown_attribute,
    "CVC_COMPLEX_TYPE_4": _missing_attribute,
    "ELEMENT_CONTENT": _unexpected,
    "CVC_COMPLEX_TYPE_2_3": _stray_text,
    "CVC_COMPLEX_TYPE_2_4": _incomplete,
    "CVC_DATATYPE_VALID_1_2_1": _wrong_value,
    "CVC_ENUMERATION_VALID": _not_listed,
    "CVC_ELT_1": _no_diagram,
}
