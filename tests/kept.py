"""What every new application and every new engine would make again, made once; and what no test needs, not at all."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nacl.pwhash import argon2id
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.db import engine as engines
from app.services.accounts import passwords
from app.services.ballots import envelopes

STATEMENTS = 6000


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
    """Compile each rule of an address once: it is the same in each application."""
    make = Rule.compile
    kept: dict[tuple[Any, ...], Rule] = {}

    def compile_once(rule: Rule) -> None:
        key = rule.rule, rule.subdomain, rule.host, str(rule.defaults), frozenset(rule.map.converters.items())
        if key not in kept:
            make(rule)
            kept[key] = rule
            return
        like: Any = kept[key]
        rule.arguments = set(like.arguments)
        rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
        rule._build, rule._build_unknown = (
            method.__func__.__get__(rule) for method in (like._build, like._build_unknown)
        )

    patch.setattr(Rule, "compile", compile_once)


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


def spare_hashing(patch: pytest.MonkeyPatch) -> None:
    """Hash passwords at the least cost: still another than that of one-time passwords."""
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def spare_passphrases(patch: pytest.MonkeyPatch) -> None:
    """Derive the keys of scrutineers at the least cost; no server beside would find the same."""
    patch.setattr(envelopes, "PASSES", argon2id.OPSLIMIT_MIN)
    patch.setattr(envelopes, "MEMORY", argon2id.MEMLIMIT_MIN)


def spare_waiting(patch: pytest.MonkeyPatch) -> None:
    """Let SQLite not wait for the disk within a test's own process: it is not killed."""
    hurried = [pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in engines.PRAGMAS]
    patch.setattr(engines, "PRAGMAS", hurried)
