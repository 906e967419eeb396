"""Which ranks a person's file reaches, in words: column by column, and which of them counts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES, RankApplicationKind
from app.services.dossiers.explanations import Explanation
from app.services.dossiers.rank_reach import HOLDS, Reach, ReachColumn
from app.views.presenters.prefills import fact_words


def reach_sheet(found: Sequence[Explanation]) -> dict[str, Any] | None:
    """Return the ranks within reach, of the explanations of a person; None where none is about ranks."""
    reach = next((one.reach for one in found if one.reach), None)
    if reach is None:
        return None
    return {
        "state": _state(reach),
        "rows": [_row(one) for one in reach.columns],
        "notes": _notes(reach),
    }


def _state(reach: Reach) -> tuple[str, str]:
    if reach.counts:
        kind = _(RANK_APPLICATION_KIND_TITLES[reach.kind])
        return _("%(kind)s：%(rank)s", kind=kind, rank=_titled(reach.counts)), "ok"
    if reach.is_first_year:
        return _("任职第一年，还不参加评审"), ""
    is_first = reach.kind is RankApplicationKind.FIRST
    return _("现在一档也够不上") if is_first else _("下一档还够不上"), "warn"


def _row(column: ReachColumn) -> dict[str, str]:
    return {"title": _(column.title), "words": _words(column), "allows": _allows(column)}


def _words(column: ReachColumn) -> str:
    value = column.value.value
    if value is not None:
        return fact_words(column.fact, value)
    return _("还没有职级") if column.fact.name == HOLDS else _("没有核实过的")


def _allows(column: ReachColumn) -> str:
    """Return the highest rank that a column allows; the assistant's, which is no rank of the review, is none."""
    allows = column.allows
    return _("一档也够不上") if allows is None or allows is Rank.ASSISTANT else _titled(allows)


def _notes(reach: Reach) -> list[str]:
    others = [_titled(one) for one in reach.allowed[:-1]]
    notes = [_("愿意的话，也可以申报低一些的：%(ranks)s。", ranks="、".join(others))] if others else []
    if reach.exceptional and not reach.is_first_year:
        kind = _(RANK_APPLICATION_KIND_TITLES[RankApplicationKind.EXCEPTIONAL])
        ranks = "、".join(_titled(one) for one in reach.exceptional)
        notes.append(_("工作特别突出的，可以申请%(kind)s，写明理由，另作决定：%(ranks)s。", kind=kind, ranks=ranks))
    return notes


def _titled(rank: Rank) -> str:
    return _(RANK_TITLES[rank])
