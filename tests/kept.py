"""What every new application and every new engine would make again: made once in a process of the tests."""

from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

STATEMENTS = 2000


class _Templates(BytecodeCache):
    """Templates as they were compiled by the application before."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def keep_templates(patch: pytest.MonkeyPatch) -> None:
    """Compile each template once."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})


def keep_addresses(patch: pytest.MonkeyPatch) -> None:
    """Compile once what builds the addresses of a rule: they are the same in each application."""
    make: Any = Rule._compile_builder
    kept: dict[tuple[Any, ...], Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - as it is called
        if rule.defaults:
            return make(rule, append_unknown)
        key = rule.rule, append_unknown, *rule._trace
        if key not in kept:
            kept[key] = make(rule, append_unknown)
        return kept[key]

    patch.setattr(Rule, "_compile_builder", builder)


def keep_statements(patch: pytest.MonkeyPatch) -> None:
    """Write each statement once for each database product, whichever copy of a database it goes to."""
    kept = LRUCache[Any, Any](STATEMENTS)

    def product(dialect: DefaultDialect) -> tuple[Any, ...]:
        return type(dialect), getattr(dialect, "_json_serializer", None)

    def keep_own(_engine: Engine, _cache: object) -> None:
        """Leave unused the cache that an engine makes for itself."""

    patch.setattr(Engine, "_compiled_cache", property(lambda _engine: kept, keep_own), raising=False)
    # Statements are kept by dialect, and each engine has one of its own.
    patch.setattr(DefaultDialect, "__hash__", lambda one: hash(product(one)))
    patch.setattr(
        DefaultDialect,
        "__eq__",
        lambda one, other: isinstance(other, DefaultDialect) and product(one) == product(other),
    )
