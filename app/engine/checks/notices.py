"""Notices name elements, texts, people and values that exist."""

import re
from collections.abc import Iterator, Mapping

from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.checks.names import Offers, Scope, type_of
from app.engine.checks.scope import names_of
from app.engine.package import MANIFEST
from app.engine.problems import Problem
from app.engine.types import TEXT, Kind, is_one_of

PLACE = re.compile(r"\{([^{}]*)\}")
# The formats of a place, and what they can show.
FORMATS: Mapping[str, tuple[Kind, ...]] = {
    "text": tuple(Kind),
    "yuan": (Kind.NUMBER,),
    "short": (Kind.TEXT,),
    "day": (Kind.DATE, Kind.TEXT),
    "semester": (Kind.TEXT,),
}
_GROUPS = frozenset({"initiator", "signers"})
# Beside the case's values, a notice knows the case and who acted last.
_AROUND: Mapping[str, Offers] = {
    "case": {"title": TEXT, "serial": TEXT},
    "last": {"person": TEXT, "position": TEXT, "comment": TEXT},
}


def check_notices(facts: Facts) -> Iterator[Problem]:
    """Find notices at elements, with texts or to people that do not exist, and texts that nobody sends."""
    texts = facts.package.notices
    for notice in facts.package.manifest.notices:
        if notice.at not in facts.model.elements:
            yield _problem(MANIFEST, notice.at, N_("通知的 at 要写环节编号，没有“%(name)s”。"), name=notice.at)
        if notice.text not in texts:
            message = N_("没有通知文字 notices/%(name)s.txt，请添上。")
            yield _problem(MANIFEST, notice.at, message, name=notice.text)
        for group in sorted(set(notice.to) - _GROUPS - facts.registry.roles):
            message = N_("通知的 to 只能写 initiator、signers 或者角色，没有“%(name)s”。")
            yield _problem(MANIFEST, notice.at, message, name=group)
    for name in sorted(texts.keys() - {notice.text for notice in facts.package.manifest.notices}):
        yield _problem(f"notices/{name}.txt", name, N_("没有一条通知用到这份文字，请删去或者用上。"))
    yield from _check_places(facts)


def _check_places(facts: Facts) -> Iterator[Problem]:
    scope = {**names_of(facts), **_AROUND}
    for name, text in facts.package.notices.items():
        for place in wrong_places(text, scope):
            message = N_("“{%(name)s}”不存在，或者不是这种格式，请写成 {环节编号.字段} 或者 {case.title}。")
            yield _problem(f"notices/{name}.txt", name, message, name=place)


def wrong_places(template: str, scope: Scope) -> list[str]:
    """Return the places of a template that name no value, or no format that can show it."""
    found = []
    for place in PLACE.findall(template):
        name, separator, style = place.partition(":")
        shown = type_of(name, scope)
        if shown is None or (separator and not (style in FORMATS and is_one_of(shown, *FORMATS[style]))):
            found.append(place)
    return found


def _problem(file: str, element: str, message: str, **params: object) -> Problem:
    return Problem(file, element, "notice", sentence(message, **params))
