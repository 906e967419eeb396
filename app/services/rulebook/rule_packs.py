"""Read the rule packs from their TOML files."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from app.config import DATA
from app.domain.errors import Invalid, NotFound
from app.domain.rule_definitions import UNITS, Column, Definition, Setter, ValueType
from app.domain.rule_locks import is_ordered
from app.domain.rule_values import check_value
from app.domain.rules import Clause, Pack, Parameter
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Lock, OrganizationKind, Programme
from app.engine.rule_types import rule_type
from app.engine.types import Type

FOLDER = DATA / "processes" / "rule_packs"
DEFINITIONS = "parameters"
Member = TypeVar("Member", bound=StrEnum)
_SHAPE = {"title", "type", "unit", "options", "minimum", "maximum", "optional", "share_from", "labels", "pattern"}
_DEFINITION = _SHAPE | {"programmes", "columns", "setter"}
_COLUMN = _SHAPE | {"key", "total"}
_PACK = {"title", "programme", "level", "from_on", "documents", "values"}
_VALUE = {"value", "lock", "clause"}
_CLAUSE = {"document", "article", "phrase", "is_quote"}


class BadPack(Invalid):
    """A file of rule packs is wrong; `errors` says where and how."""

    message = N_("规则包写得不对，请看标出的地方。")


@cache
def load_packs(folder: Path = FOLDER) -> Mapping[str, Pack]:
    """Return the packs of a folder by key, the file's name; raises BadPack."""
    definitions = _definitions(folder / DEFINITIONS)
    paths = sorted(folder.glob("*.toml"))
    return {path.stem: _pack(path, definitions) for path in paths}


def parameter_types() -> dict[str, Type]:
    """Return the types of all ready packs' parameters by key, as expressions see them."""
    return {key: rule_type(one.definition) for pack in load_packs().values() for key, one in pack.parameters.items()}


def find_pack(key: str) -> Pack:
    """Return a ready pack; raises NotFound."""
    pack = load_packs().get(key)
    if pack is None:
        raise NotFound(N_("没有“%(pack)s”这个规则包。"), pack=key)
    return pack


def _definitions(folder: Path) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for path in sorted(folder.glob("*.toml")):
        for group, entries in _read(path).items():
            for key, entry in entries.items():
                if key in found:
                    raise _bad(path, key, N_("参数“%(name)s”写了两次。"), name=key)
                found[key] = _definition(path, group, key, entry)
    return found


def _definition(path: Path, group: str, key: str, entry: Mapping[str, Any]) -> Definition:
    _known(path, key, entry, _DEFINITION)
    columns = tuple(_column(path, key, column) for column in entry.get("columns", ()))
    programmes = frozenset(_member(path, key, Programme, name) for name in entry.get("programmes", ()))
    shape = _shape(path, key, entry)
    setter = _member(path, key, Setter, entry.get("setter", Setter.ANY))
    return Definition(key=key, group=group, programmes=programmes, columns=columns, setter=setter, **shape)


def _column(path: Path, key: str, entry: Mapping[str, Any]) -> Column:
    _known(path, key, entry, _COLUMN)
    return Column(key=entry.get("key", ""), total=entry.get("total"), **_shape(path, key, entry))


def _shape(path: Path, key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    unit = entry.get("unit")
    if unit is not None and unit not in UNITS:
        raise _bad(path, key, N_("没有“%(name)s”这个单位。"), name=unit)
    if not entry.get("title"):
        raise _bad(path, key, N_("缺少“%(name)s”。"), name="title")
    given = {name: entry[name] for name in _SHAPE & set(entry)}
    given["type"] = _member(path, key, ValueType, entry.get("type"))
    if "labels" in given:
        given["labels"] = tuple(given["labels"])
    return given


def _pack(path: Path, definitions: Mapping[str, Definition]) -> Pack:
    content = _read(path)
    _known(path, "", content, _PACK)
    missing = _PACK - set(content)
    if missing:
        raise _bad(path, "", N_("缺少“%(name)s”。"), name="、".join(sorted(missing)))
    programme = _member(path, "programme", Programme, content["programme"])
    if not isinstance(content["from_on"], date):
        raise _bad(path, "from_on", N_("请写日期，例如 2026-09-01。"))
    return Pack(
        key=path.stem,
        title=content["title"],
        programme=programme,
        level=_member(path, "level", OrganizationKind, content["level"]),
        from_on=content["from_on"],
        documents=content["documents"],
        parameters=dict(_parameters(path, content, _of(definitions, programme))),
    )


def _of(definitions: Mapping[str, Definition], programme: Programme) -> dict[str, Definition]:
    return {key: found for key, found in definitions.items() if programme in found.programmes}


def _parameters(
    path: Path, content: Mapping[str, Any], definitions: Mapping[str, Definition]
) -> Iterator[tuple[str, Parameter]]:
    values: Mapping[str, Any] = content["values"]
    for key in values:
        if key not in definitions:
            raise _bad(path, key, N_("这个规则包不能有参数“%(name)s”。"), name=key)
    for key, definition in definitions.items():
        if key not in values:
            raise _bad(path, key, N_("缺少参数“%(name)s”。"), name=key)
        yield key, _parameter(path, definition, values[key], content["documents"])


def _parameter(path: Path, definition: Definition, entry: Mapping[str, Any], documents: Mapping[str, str]) -> Parameter:
    key = definition.key
    _known(path, key, entry, _VALUE)
    try:
        value = check_value(definition, entry.get("value"), key)
    except Invalid as error:
        raise BadPack({f"{path.name}: {found}": said for found, said in error.errors.items()}) from error
    lock = _member(path, key, Lock, entry.get("lock", Lock.FREE))
    if lock in {Lock.FLOOR, Lock.CEILING} and not is_ordered(definition.type):
        raise _bad(path, key, N_("%(title)s分不出高低，只能写 fixed 或 free。"), title=definition.title)
    return Parameter(definition, value, lock, _clause(path, key, entry.get("clause"), documents))


def _clause(path: Path, key: str, entry: Mapping[str, Any] | None, documents: Mapping[str, str]) -> Clause | None:
    if entry is None:
        return None
    _known(path, key, entry, _CLAUSE)
    if not entry.get("phrase") or not entry.get("article"):
        raise _bad(path, key, N_("依据要写明条款和原文。"))
    if entry.get("document") not in documents:
        raise _bad(path, key, N_("没有“%(name)s”这份文件。"), name=entry.get("document"))
    return Clause(**entry)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(path, "", N_("不是正确的 TOML 文件：%(reason)s"), reason=error) from error


def _known(path: Path, key: str, entry: Mapping[str, Any], names: set[str]) -> None:
    unknown = set(entry) - names
    if unknown:
        raise _bad(path, key, N_("不认识“%(name)s”。"), name="、".join(sorted(unknown)))


def _member(path: Path, key: str, kind: type[Member], name: Any) -> Member:
    try:
        return kind(name)
    except ValueError as error:
        names = "、".join(kind)
        raise _bad(path, key, N_("“%(name)s”应为其中之一：%(names)s。"), name=name, names=names) from error


def _bad(path: Path, key: str, message: str, **params: object) -> BadPack:
    said: Sentence = sentence(message, **params)
    return BadPack({f"{path.name}: {key}" if key else path.name: [said]})
