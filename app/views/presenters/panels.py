"""A panel in words: the sheet that a member fills in, and the score sheet that comes of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.panels import CONFLICT_TITLES, Candidate, ConflictKind, Line, Sheet, checked, number, total
from app.domain.tally import SCORED
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.engine.panels import SCORES
from app.services.collective.collective_views import Standing
from app.services.panels.scoring import Aside, MemberSheet
from app.services.panels.sheets import Given, ScoreSheet, SheetLine
from app.views.presenters.collectives import progress_words
from app.views.words import due_until, instant

NO_SCORE = "—"
STATES = {
    CollectiveStatus.OPEN: (N_("评议中"), "go"),
    CollectiveStatus.SETTLED: (N_("已评完"), "ok"),
    CollectiveStatus.CANCELLED: (N_("已取消"), ""),
}
Errors = Mapping[str, Sequence[str]]


def sheet_rows(member: MemberSheet, values: Mapping[str, Any], errors: Errors) -> list[dict[str, Any]]:
    """Return the candidates as the member's sheet shows them, those left to others among them."""
    typed = {str(row["candidate"]): row for row in values.get(SCORES, [])}
    places = {one.key: place for place, one in enumerate(member.candidates)}
    return [
        _row(member.sheet, one, places[one.key], typed.get(one.key, {}), errors)
        if one.key in places
        else {"name": one.name, "hint": one.hint, "why": aside_words(member.recusals[one.key])}
        for one in member.sheet.candidates
    ]


def member_line(member: MemberSheet, values: Mapping[str, Any]) -> str:
    """Return how many candidates there are, how many the member scores, and how many are scored so far."""
    candidates, asked = len(member.sheet.candidates), len(member.candidates)
    words = _("候选人 %(candidates)d 人，您评 %(asked)d 人", candidates=candidates, asked=asked)
    if asked < candidates:
        words = _("%(words)s（回避 %(aside)d 人）", words=words, aside=candidates - asked)
    done = sum(_total(member.sheet, row) is not None for row in values.get(SCORES, []))
    return _("%(words)s · 已评 %(done)d 人", words=words, done=done)


def labels(member: MemberSheet) -> dict[str, str]:
    """Return whose each field of the sheet is, for the summary of what is wrong."""
    return {
        f"{SCORES}.{place}{rest}": one.name
        for place, one in enumerate(member.candidates)
        for rest in ("", ".points", ".opinion", *(f".points.{at}" for at in range(len(member.sheet.criteria))))
    }


def secrecy_words(standing: Standing) -> str:
    """Return who will see what a member gives."""
    if standing.is_named:
        return _("全部成员交齐前，只有您自己看得到您的分数；结束以后，评分表上看得到谁给了几分。")
    return _("全部成员交齐前，只有您自己看得到您的分数；结束以后只公布平均分，意见不署名。")


def aside_words(aside: Aside) -> str:
    """Return why a member does not score a candidate."""
    if aside.kind == ConflictKind.SELF:
        return _("您本人是候选人，不看也不评。")
    if aside.studio is not None:
        return _("工作室台账上您与他同在“%(studio)s”，要回避，不评这一位。", studio=aside.studio)
    return _("您已申报回避（%(kind)s），不评这一位。", kind=_(CONFLICT_TITLES[ConflictKind(aside.kind)]))


def conflict_kinds() -> list[tuple[str, str]]:
    """Return the conflicts that a member may declare."""
    return [(kind, _(title)) for kind, title in CONFLICT_TITLES.items()]


def state(found: ScoreSheet) -> tuple[str, str]:
    """Return the state of a panel as a word and its colour."""
    task = found.standing.task
    if task.status == CollectiveStatus.CLOSED:
        return (_("已评完"), "ok") if task.outcome == SCORED else (_("没有交齐"), "warn")
    words, kind = STATES[CollectiveStatus(task.status)]
    return _(words), kind


def facts(found: ScoreSheet) -> list[tuple[str, str]]:
    """Return what every reader of a score sheet may know of the panel."""
    task = found.standing.task
    pairs = [
        (_("办理"), progress_words(found.standing)),
        (_("还没有交"), "、".join(one.name for one in found.missing)),
        (_("截止"), due_until(task.due_at) if task.due_at else ""),
        (_("结束"), instant(task.closed_at) if found.standing.is_closed else ""),
    ]
    return [(label, words) for label, words in pairs if words]


def line_rows(found: ScoreSheet) -> list[dict[str, Any]]:
    """Return the lines of a score sheet, in the order of the candidates."""
    return [_line(one) for one in found.lines]


def _line(found: SheetLine) -> dict[str, Any]:
    line = found.line
    return {
        "name": line.candidate.name,
        "hint": line.candidate.hint,
        "means": [_words(one) for one in line.means],
        "mean": _words(line.mean),
        "range": _range(line),
        "scored": str(line.scored),
        "recused": str(found.recused),
        "opinions": found.opinions,
        "given": [_given(one) for one in found.given if one.person is not None],
    }


def _range(line: Line) -> str:
    """Return the lowest and the highest sum, and how far they lie apart."""
    if line.spread is None:
        return NO_SCORE
    low, high = _words(min(line.totals)), _words(max(line.totals))
    return _("%(spread)s（%(low)s—%(high)s）", spread=_words(line.spread), low=low, high=high)


def _given(one: Given) -> dict[str, str]:
    points = " · ".join(_words(Decimal(str(number))) for number in one.points)
    name = one.person.name if one.person is not None else ""
    return {"name": name, "points": points, "total": _words(Decimal(str(one.total))), "opinion": one.opinion}


def _words(value: Decimal | None) -> str:
    return NO_SCORE if value is None else str(number(value))


def _row(sheet: Sheet, one: Candidate, place: int, typed: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    start = f"{SCORES}.{place}"
    points = [*typed.get("points", []), *[None] * len(sheet.criteria)]
    wrong = {path: said for path, said in errors.items() if path == start or path.startswith(f"{start}.")}
    return {
        "name": one.name,
        "hint": one.hint,
        "key": one.key,
        "start": start,
        "cells": [
            {"path": f"{start}.points.{at}", "criterion": criterion, "value": points[at]}
            for at, criterion in enumerate(sheet.criteria)
        ],
        "opinion": typed.get("opinion", ""),
        "total": _total_words(sheet, typed),
        "errors": wrong,
        "said": [words for said in wrong.values() for words in said],
    }


def _total_words(sheet: Sheet, typed: Mapping[str, Any]) -> str:
    found = _total(sheet, typed)
    return NO_SCORE if found is None else str(found)


def _total(sheet: Sheet, typed: Mapping[str, Any]) -> int | float | None:
    """Return the sum of a row whose points are all there and right; None for others."""
    one = next((one for one in sheet.candidates if one.key == str(typed.get("candidate"))), None)
    if one is None:
        return None
    try:
        [row] = checked(Sheet((one,), sheet.criteria), [{**typed, "opinion": ""}], ())
    except Invalid:
        return None
    return total(row["points"])
