"""The list of a review: who got which rank, posted where the rule says so, signed by the principal, then final."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.db.rank_reviews import RankApplication, RankReview
from app.domain import canonical
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES, RankApplicationKind, RankReviewStage
from app.domain.text import N_, sentence
from app.services.operations.findings import Findings
from app.services.rank_reviews import applications, reviews

Person = Mapping[str, Any]
NOTICE_DAYS = "rank.notice_working_days"
STRUCK = N_("公示期间的异议成立，不再列入上报名单")
GONE = N_("名单列出以后有改动，已经重新列出：%(names)s不在名单里了。请核对现在的名单再签。")
CHANGED = N_("名单列出以后有改动，已经重新列出：%(changes)s。请核对现在的名单再签。")
INTRO = N_(
    "经本人申报、材料核对、评审组表决和学校认定，下列老师拟上报审核备案，现予公示。对名单有异议的，请在公示期内提出。"
)


def strike(session: Session, held: RankReview, left: Collection[int]) -> None:
    """Take off the list whoever left it while it was posted."""
    for one in applications.determined(session, held.id):
        if one.person_id in left:
            applications.strike(session, one, STRUCK)


def listed(session: Session, held: RankReview, notice_days: int) -> dict[str, Any]:
    """Return the list as it stands, and bring the review to what comes next: the notice, the signature, or its end."""
    found = applications.determined(session, held.id)
    is_notice_due = (
        bool(found) and notice_days > 0 and held.stage in {RankReviewStage.APPLYING, RankReviewStage.REVIEWING}
    )
    reviews.enter(held, _next(is_notice_due=is_notice_due, is_empty=not found))
    return {
        "number": len(found),
        "is_notice_due": is_notice_due,
        "title": sentence(N_("%(title)s结果公示"), title=reviews.title_of(held)).chinese(),
        "intro": INTRO,
        "persons": persons_of(found),
        "working_days": notice_days,
        "subject": reviews.subject_of(held),
        "manifest": manifest_of(found),
    }


def persons_of(found: Collection[RankApplication]) -> list[dict[str, Any]]:
    """Return who is on a list, and what it says of each."""
    return [{"id": one.person_id, "name": one.person.name, "line": line_of(one)} for one in found]


def note_changes(before: Iterable[Person], after: Iterable[Person], findings: Findings) -> None:
    """Say to whoever signs a list what has changed since it was drawn up."""
    now = {one["id"]: one for one in after}
    gone = [one["name"] for one in before if one["id"] not in now]
    changes = [f"{_told(one)} → {_told(now[one['id']])}" for one in before if now.get(one["id"], one) != one]
    if gone:
        findings.doubt(GONE, names="、".join(gone))
    if changes:
        findings.doubt(CHANGED, changes="；".join(changes))


def _told(one: Person) -> str:
    return sentence(N_("%(name)s（%(line)s）"), name=one["name"], line=one["line"]).chinese()


def _next(*, is_notice_due: bool, is_empty: bool) -> RankReviewStage:
    if is_empty:
        return RankReviewStage.NO_APPLICANTS
    return RankReviewStage.NOTICING if is_notice_due else RankReviewStage.SIGNING


def line_of(one: RankApplication) -> str:
    """Return what a list says of somebody: the rank, and by which way."""
    kind = RANK_APPLICATION_KIND_TITLES[RankApplicationKind(one.kind)]
    return f"{RANK_TITLES[Rank(one.rank)]} · {kind}"


def manifest_of(found: Collection[RankApplication]) -> str:
    """Return the hash over who gets which rank by which way: what the principal signs."""
    return canonical.content_hash([[one.id, one.person_id, one.person.name, one.rank, one.kind] for one in found])
