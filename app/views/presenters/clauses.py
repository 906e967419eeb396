"""Clauses beside what they are behind: document, article, words (LOOK §5)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.domain.rules import Clause

_RULE = re.compile(r"rules\[['\"]([a-z0-9_.]+)['\"]\]")
Rules = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ClauseWords:
    """What the clause macro wants; without a document the line is dashed."""

    document: str | None
    words: str
    is_quote: bool = False


def clause_words(rules: Rules, parameter: str | None) -> ClauseWords | None:
    """Return the clause of a pinned rule, or None where the case has no such rule."""
    pinned = rules.get(parameter) if parameter else None
    if pinned is None:
        return None
    if pinned.get("clause") is None:
        return ClauseWords(None, _("%(title)s：文件未规定，%(level)s设定", title=pinned["title"], level=_level(pinned)))
    return words_of(Clause(**pinned["clause"]))


def words_of(clause: Clause) -> ClauseWords:
    """Return a clause as its macro wants it; quotation marks inside a quotation become single ones."""
    phrase = clause.quotation.strip("“”") if clause.is_quote else clause.phrase
    return ClauseWords(clause.citation, phrase, clause.is_quote)


def due_clause(rules: Rules, due: str | None) -> ClauseWords | None:
    """Return where a deadline comes from: its rule's clause, or that no document says."""
    match = _RULE.search(due or "")
    pinned = rules.get(match[1]) if match else None
    if pinned is None or match is None:
        return None
    if pinned.get("clause") is not None:
        return clause_words(rules, match[1])
    words = _("%(text)s的期限：文件未规定，%(level)s设定", text=pinned["text"], level=_level(pinned))
    return ClauseWords(None, words)


def clauses_of(rules: Rules, parameter: str | None, due: str | None) -> list[ClauseWords]:
    """Return what a task and its deadline rest on; a rule that is behind both is told once, as the deadline's."""
    match = _RULE.search(due or "")
    task_rule = None if match and match[1] == parameter else parameter
    found = (clause_words(rules, task_rule), due_clause(rules, due))
    return list(dict.fromkeys(one for one in found if one))


def documented(found: Iterable[ClauseWords | None]) -> list[ClauseWords]:
    """Return what documents say of what was found: nothing else stands beside a signature."""
    return [one for one in found if one is not None and one.document]


def _level(pinned: Mapping[str, Any]) -> str:
    return str(pinned.get("issuer") or _("本单位"))
