"""A review of ranks in words: its stages and dates, who applied for what, and what the panel came to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import WorkItem
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.identity import Actor
from app.domain.ranks import (
    RANK_APPLICATION_KIND_TITLES,
    RANK_APPLICATION_RESULT_TITLES,
    RANK_APPLICATION_STATUS_TITLES,
    RANK_REVIEW_STAGE_TITLES,
    RankApplicationKind,
    RankApplicationResult,
    RankApplicationStatus,
    RankReviewStage,
)
from app.domain.text import N_
from app.services.filings import progress
from app.services.rank_reviews import reviews, votes
from app.services.rank_reviews.applications import Count
from app.views.presenters.acts import serial_words
from app.views.words import day, due_kind, due_words

Row = dict[str, Any]
Mark = tuple[str, str, str | None]
DRAWN = (
    RankReviewStage.APPLYING,
    RankReviewStage.REVIEWING,
    RankReviewStage.NOTICING,
    RankReviewStage.SIGNING,
    RankReviewStage.FILED,
)
STATUS_KINDS: Mapping[RankApplicationStatus, tuple[str, str | None]] = {
    RankApplicationStatus.SUBMITTED: ("go", "play"),
    RankApplicationStatus.CORRECTING: ("warn", "back"),
    RankApplicationStatus.VERIFIED: ("go", "play"),
    RankApplicationStatus.SETTLED: ("ok", "check"),
    RankApplicationStatus.REJECTED: ("late", "x"),
    RankApplicationStatus.WITHDRAWN: ("", "stop"),
}
GOOD = frozenset({RankApplicationResult.DETERMINED, RankApplicationResult.EFFECTIVE})
VOTES = {"passed": N_("通过"), "not_passed": N_("没有通过"), "no_quorum": N_("人数不够")}


def row(found: RankReview) -> Row:
    """Return a review's row in the list."""
    return {
        "title": reviews.title_of(found),
        "url": url_for("rank_reviews.show", review_id=found.id),
        "organization": found.organization.name,
        "until": day(reviews.day_of(found, "apply_until")),
        "file_by": day(reviews.day_of(found, "file_by")),
        "state": state(found),
    }


def state(found: RankReview) -> Mark:
    """Return where a review stands as words, kind and icon."""
    kinds: dict[RankReviewStage, tuple[str, str]] = {
        RankReviewStage.EFFECTIVE: ("ok", "check"),
        RankReviewStage.FILED: ("ok", "check"),
        RankReviewStage.NO_APPLICANTS: ("", "check"),
        RankReviewStage.CLOSED: ("", "stop"),
    }
    return (_(RANK_REVIEW_STAGE_TITLES[found.stage]), *kinds.get(found.stage, ("go", "play")))


def line(found: RankReview, count: Count, actor: Actor) -> str:
    """Return the grey line under a review's title."""
    applied = _("申报 %(applicants)d 人", applicants=count.applicants)
    if count.determined is not None:
        applied = _("%(applied)s，认定 %(determined)d 人", applied=applied, determined=count.determined)
    return (
        f"{found.organization.name} · {applied} · {serial_words(found.instance.serial, found.organization_id, actor)}"
    )


def stages(found: RankReview) -> list[Row]:
    """Return the drawn stages, each with whether it lies behind, and the dates of the first and the last."""
    place = DRAWN.index(found.stage) if found.stage in DRAWN else len(DRAWN)
    is_cut = found.stage in {RankReviewStage.NO_APPLICANTS, RankReviewStage.CLOSED}
    until = day(reviews.day_of(found, "apply_until"))
    dates = {RankReviewStage.APPLYING: _("到 %(on)s", on=until), RankReviewStage.FILED: _file_by(found)}
    return [
        {
            "title": _(RANK_REVIEW_STAGE_TITLES[one]),
            "dates": dates.get(one, ""),
            "is_done": number < place and not is_cut,
            "is_now": number == place,
        }
        for number, one in enumerate(DRAWN)
    ]


def _file_by(found: RankReview) -> str:
    """Return until when the list is due, and how late it is while it has not gone up."""
    last = reviews.day_of(found, "file_by")
    late = -progress.days_left(last) if found.stage in DRAWN[:-1] else 0
    if late <= 0:
        return _("%(on)s 以前", on=day(last))
    return _("%(on)s 以前，超过 %(days)d 个工作日", on=day(last), days=late)


def waiting(items: Sequence[WorkItem]) -> list[Row]:
    """Return what the reader may do in the review, the nearest deadline first."""
    return [
        {
            "title": one.element_name,
            "line": one.instance.title,
            "due": due_words(one.due_at),
            "due_kind": due_kind(one.due_at),
            "url": url_for("tasks.show", item_id=one.id),
        }
        for one in items
    ]


def application_rows(found: Sequence[RankApplication], readable: set[int], reader_id: int) -> list[Row]:
    """Return who applied for what, each with its status, the panel's result, and its case where it may be opened."""
    return [
        {
            "name": one.person.name,
            "rank": _(RANK_TITLES[Rank(one.rank)]),
            "held": _(RANK_TITLES[Rank(one.held)]) if one.held else _("没有职级"),
            "kind": _(RANK_APPLICATION_KIND_TITLES[RankApplicationKind(one.kind)]),
            "vote": vote_words(one, reader_id),
            "seen": _("%(name)s %(on)s看过原件", name=one.seen_by.name, on=day(one.seen_at))
            if one.seen_by and one.seen_at
            else "",
            "state": application_state(one),
            "url": url_for("cases.show", instance_id=one.instance_id) if one.instance_id in readable else "",
        }
        for one in found
    ]


def application_state(one: RankApplication) -> Mark:
    """Return how far an application has come, or what it came to."""
    if one.result is not None:
        is_good = one.result in GOOD
        words = _(RANK_APPLICATION_RESULT_TITLES[RankApplicationResult(one.result)])
        return words, "ok" if is_good else "", "check" if is_good else "stop"
    return (_(RANK_APPLICATION_STATUS_TITLES[one.status]), *STATUS_KINDS[one.status])


def vote_words(one: RankApplication, reader_id: int) -> str:
    """Write what the panel's vote came to; how many voted how only where the reader may know."""
    result = (one.counts or {}).get("result")
    if result is None:
        return ""
    counts = votes.told_counts(one, "vote", reader_id)
    if counts is None:
        return _(VOTES[result])
    told = {name: counts.get(name, 0) for name in ("agree", "disagree", "abstain")}
    return _("%(result)s：同意 %(agree)d，不同意 %(disagree)d，弃权 %(abstain)d", result=_(VOTES[result]), **told)


def vote_rows(review_id: int, found: Sequence[tuple[WorkItem, RankApplication]]) -> list[Row]:
    """Return the votes that wait for a member of the panel, one under the other."""
    return [
        {
            "id": item.id,
            "revision": item.revision,
            "title": item.element_name,
            "name": one.person.name,
            "line": f"{_(RANK_TITLES[Rank(one.rank)])} · {_(RANK_APPLICATION_KIND_TITLES[RankApplicationKind(one.kind)])}",
            "due": due_words(item.due_at),
            "due_kind": due_kind(item.due_at),
            "url": url_for("tasks.show", item_id=item.id),
            "vote_url": url_for("rank_reviews.vote", review_id=review_id, item_id=item.id),
            "recusal_url": url_for("collectives.ask_recusal", item_id=item.id),
        }
        for item, one in found
    ]
