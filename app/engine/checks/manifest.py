"""The manifest names what exists."""

import re
from collections.abc import Iterator

from app.domain.text import N_, sentence
from app.domain.vocabulary import STUDIOS, Programme
from app.engine.checks.expressions import rules_named
from app.engine.checks.facts import Facts
from app.engine.checks.names import type_of
from app.engine.checks.scope import names_of
from app.engine.checks.titles import check_titles
from app.engine.operations import OPERATIONS
from app.engine.package import MANIFEST, Manifest
from app.engine.problems import Problem
from app.engine.types import Kind, is_one_of

_CODE = re.compile(r"[A-Z]{2,4}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def check_manifest(facts: Facts) -> Iterator[Problem]:
    """Find what is wrong with the manifest once it can be read."""
    manifest = facts.package.manifest
    if _CODE.fullmatch(manifest.code) is None:
        yield _problem("code", N_("流程代号 code 要写 2 到 4 个大写字母，例如 BX。"))
    for name, text in (("title", manifest.title), ("category", manifest.category)):
        if not _CHINESE.search(text):
            yield _problem(name, N_("%(name)s 要写中文。"), name=name)
    allowed = (*Programme, STUDIOS)
    if manifest.programme is not None and manifest.programme not in allowed:
        yield _problem("programme", N_("programme 只能是：%(allowed)s。"), allowed="、".join(allowed))
    for key, name in _operations_named(manifest):
        if name not in OPERATIONS:
            yield _problem(key, N_("没有操作“%(name)s”，请改正 %(key)s。"), name=name, key=key)
    for group in sorted({rule.split(".", 1)[0] for rule in rules_named(facts)} - set(manifest.rules)):
        yield _problem("rules", N_("流程用到了“%(name)s”这一组规则，请写进 rules，发起时才会锁定。"), name=group)
    yield from _check_names(facts)


def _operations_named(manifest: Manifest) -> Iterator[tuple[str, str]]:
    yield from (("on_abandon", name) for name in manifest.on_abandon)
    if manifest.withdrawal is not None:
        yield "withdrawal", manifest.withdrawal


def _check_names(facts: Facts) -> Iterator[Problem]:
    scope = names_of(facts)
    manifest = facts.package.manifest
    if manifest.amount is not None:
        amount = type_of(manifest.amount, scope)
        if amount is None or not is_one_of(amount, Kind.NUMBER):
            yield _problem("amount", N_("amount 里的“%(name)s”不是金额，请写成“环节编号.字段”。"), name=manifest.amount)
    yield from check_titles(facts)


def _problem(element: str, message: str, **params: object) -> Problem:
    return Problem(MANIFEST, element, "manifest", sentence(message, **params))
