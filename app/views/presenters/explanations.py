"""What a person may apply for, in words: each condition with its state, what proves it, and how to mend what lacks."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _

from app.domain.dossiers import OWN_KINDS, EntryKind
from app.domain.fact_reading import Told
from app.domain.facts import Roll
from app.domain.text import N_
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.entry_texts import name_of
from app.services.dossiers.explanations import YEARS, Condition, Explanation, Met
from app.views.presenters.clauses import ClauseWords, clause_words
from app.views.presenters.prefills import fact_words
from app.views.words import full_day

MOST_PROOFS = 3
# Where an own entry of a kind is entered; empty where it cannot be.
Enter = Callable[[EntryKind], str]
STATES = {
    Met.MET: (N_("符合"), "ok", None),
    Met.NOT_MET: (N_("不符合"), "warn", None),
    Met.NOT_PROVABLE: (N_("证明不了"), "", "info"),
}
YES_AND_NO = {
    ("is_homeroom_teacher", True): N_("现在是本校的班主任。"),
    ("is_homeroom_teacher", False): N_("现在不是本校的班主任。"),
    ("is_barred", True): N_("受过处分，还没有满期限。"),
    ("is_barred", False): N_("没有影响申报的处分。"),
}
USUAL = N_("核实过的是 %(value)s。")
PROVEN = {"years_to_retirement": N_("离退休还有 %(value)s。")}
# What an entry must tell for the fact that a condition looks at.
MENDING = {"years_to_retirement": N_("登记的时候要写预计退休日期。")}


def explained(found: Sequence[Explanation], file_url: str, enter: Enter) -> list[dict[str, Any]]:
    """Return the sheets of a page, one a table; without the file's address what proves a condition is named only."""
    return [_sheet(one, file_url, enter) for one in found]


def summary(found: Sequence[Explanation], url: str) -> list[dict[str, Any]]:
    """Return a line a table, with what lacks, each leading to its sheet."""
    return [
        {"title": title_of(one), "state": outcome_of(one), "lacking": lacking_words(one), "url": f"{url}#{_id(one)}"}
        for one in found
    ]


def title_of(one: Explanation) -> str:
    """Return what the conditions lead to: 晋升下一职级：中级二档."""
    if one.is_first_placement and one.table is Table.NEXT_RANK:
        return _("首次认定职级：%(rank)s", rank=one.target)
    return f"{_(one.title)}：{one.target}" if one.target else _(one.title)


def outcome_of(one: Explanation) -> tuple[str, str, str | None]:
    """Return the state of a table: how many conditions lack."""
    count = len(_lacking(one))
    return (_("还缺 %(count)d 项", count=count), "warn", None) if count else (_("条件都够"), "ok", None)


def lacking_words(one: Explanation) -> str:
    """Return what lacks in one line: 荣誉、职称."""
    return "、".join(_(missed.title) for missed in _lacking(one))


def _id(one: Explanation) -> str:
    return one.table.replace("_", "-")


def _lacking(one: Explanation) -> list[Condition]:
    """Return what the person can mend: not what the panel judges."""
    return [missed for missed in one.missing if missed.fact is not None]


def _sheet(one: Explanation, file_url: str, enter: Enter) -> dict[str, Any]:
    shown: set[ClauseWords] = set()
    return {
        "id": _id(one),
        "title": title_of(one),
        "state": outcome_of(one),
        "lacking": lacking_words(one),
        "rows": [_row(one, condition, file_url, enter, shown) for condition in one.conditions],
    }


def _row(
    one: Explanation, condition: Condition, file_url: str, enter: Enter, shown: set[ClauseWords]
) -> dict[str, Any]:
    """Return a condition; a clause stands once, beside the first that it is behind."""
    clause = clause_words({condition.parameter: condition.rule}, condition.parameter)
    is_new = clause is not None and clause not in shown
    shown |= {clause} if clause else set()
    proofs = condition.evidence[:MOST_PROOFS]
    return {
        "title": _(condition.title),
        "requirement": condition.requirement,
        "state": _state(condition),
        "is_met": condition.state is Met.MET,
        "words": _words(one, condition),
        "proofs": [{"name": name_of(proof), "url": _place(file_url, proof)} for proof in proofs],
        "more": len(condition.evidence) - len(proofs),
        "enter_url": _enter_url(condition, enter),
        "clause": clause if is_new else None,
    }


def _state(condition: Condition) -> tuple[str, str, str | None]:
    if condition.is_attached:
        return _("申报时附"), "", "file"
    if condition.fact is None:
        return _("评审组定"), "", "users"
    if condition.is_pending:
        return _("等核实"), "go", "clock"
    words, kind, icon = STATES[condition.state]
    return _(words), kind, icon


def _words(one: Explanation, condition: Condition) -> str:
    fact, value = condition.fact, condition.value.value
    if condition.is_attached:
        return _("不用登记。申报的时候附上证明材料，评审组看。")
    if fact is None:
        return _("不用登记。")
    if value is None:
        return _unproven(condition)
    if isinstance(value, bool):
        return _(YES_AND_NO[fact.name, value])
    words = fact_words(fact, value)
    return _years(one, condition, words) if fact.name == YEARS else _(PROVEN.get(fact.name, USUAL), value=words)


def _years(one: Explanation, condition: Condition, words: str) -> str:
    years = _("核实过的是 %(value)s，算到%(day)s。", value=words, day=full_day(one.years_until))
    later = condition.expected_on
    return f"{years}{_('照现在任职，到%(day)s就够。', day=full_day(later))}" if later else years


def _unproven(condition: Condition) -> str:
    assert condition.fact is not None  # noqa: S101 - whoever asks has looked
    origin, mending = _(condition.fact.origin), MENDING.get(condition.fact.name)
    if condition.is_pending:
        return _("登记了“%(origin)s”，等政教处核实，核实以后作数。", origin=origin)
    found = _("档案里没有核实过的“%(origin)s”。", origin=origin)
    return f"{found}{_(mending)}" if mending else found


def _enter_url(condition: Condition, enter: Enter) -> str:
    """Return where the person enters what would prove a condition; empty where nothing lacks."""
    source = condition.fact.source if condition.fact else None
    if condition.state is Met.MET or source is None or isinstance(source, Roll) or source not in OWN_KINDS:
        return ""
    return "" if condition.is_pending else enter(source)


def _place(file_url: str, proof: Told) -> str:
    return f"{file_url}#kind-{proof.kind}" if file_url else ""
