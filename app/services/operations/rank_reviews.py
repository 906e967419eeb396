"""The operations of a review of ranks: opening it, who applied, its list of names, and its end."""

from typing import Any

from sqlalchemy import select

from app.db.people import Organization
from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.errors import Conflict, NotFound, Outdated
from app.domain.ranks import RankReviewStage
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind, Role
from app.services.filings import batches, routes, runs, withdrawing
from app.services.operations import principals
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.rank_reviews import applications, closing, names, reviews
from app.services.rank_reviews.applications import Count
from app.services.telling import offices
from app.services.telling.notifications import News

LISTS = "list_rank_names"
# The element whose list is signed.
LISTED = "list_names"
NOBODY = N_("%(school)s %(title)s没有名单上报：%(applicants)d 人申报，没有人得到认定。已按“无名单”记下，不算未报。")


def open_rank_review(call: Call) -> dict[str, Any]:
    """Open the review of the running school year, and the filings above. Raises Conflict elsewhere than in a school, and for a second."""
    place = call.session.get_one(Organization, call.organization_id)
    if place.kind != OrganizationKind.SCHOOL:
        raise Conflict(N_("职级评审只在学校开启。"))
    opened = reviews.open_review(call.session, place.id, call.instance_id, reviews.terms_of(call.rules))
    runs.expect(call.session, place.id, opened.school_year)
    return {
        "review": opened.id,
        "school_year": opened.school_year,
        "title": reviews.title_of(opened),
        "apply_until": opened.dates["apply_until"],
        "file_by": opened.dates["file_by"],
    }


def count_rank_applications(call: Call) -> dict[str, Any]:
    """Count who applied once the window is closed."""
    held = _held(call)
    if held.stage == RankReviewStage.APPLYING:
        reviews.enter(held, RankReviewStage.REVIEWING)
    found = applications.count(call.session, held.id)
    return {"pending": found.pending, "applicants": found.applicants, "determined": found.determined}


def list_rank_names(call: Call) -> dict[str, Any]:
    """List who got a rank, without whoever left while the names were posted; the bureau is told of an empty list."""
    held = _held(call)
    names.strike(call.session, held, call.params.get("left") or ())
    days = Findings(call.rules).rule(names.NOTICE_DAYS, 0)
    listed = names.listed(call.session, held, int(days))
    if not listed["number"]:
        _tell_of_nobody(call, held, applications.count(call.session, held.id))
    return listed


def check_rank_list(call: Call) -> dict[str, Any]:
    """Tell whether the list that was signed is the list as it stands, and what differs: then it is drawn up again."""
    found, findings = applications.determined(call.session, _held(call).id), Findings(call.rules)
    is_current = names.manifest_of(found) == call.params["manifest"]
    if not is_current:
        names.note_changes(call.params["persons"] or (), names.persons_of(found), findings)
    return {"is_current": is_current, "checks": findings.checks}


def file_list(call: Call) -> dict[str, Any]:
    """Make the signed list final and file it.

    Raises Forbidden where the principal did not sign it, and Outdated where it is not the list that was signed:
    diagrams before `check_rank_list` ask nothing between the signature and this.
    """
    held = _held(call)
    principals.require_signature(call, LISTED, manifest=call.params["manifest"])
    present = names.manifest_of(applications.determined(call.session, held.id))
    if present != call.params["manifest"]:
        raise Outdated(N_("名单列出以后有改动，要重新列出，请核对以后再签。"), LISTS)
    held.signed_hash, held.filed_at = present, clock.now()
    reviews.enter(held, RankReviewStage.FILED)
    batches.open_batch(call.session, held.id)
    return {"filed_on": clock.today().isoformat()}


def end_rank_review(call: Call) -> None:
    """End a review whose filing is settled. Raises Conflict while it is not, whatever the case was told."""
    held = _held(call)
    if not batches.is_settled(call.session, held.id):
        raise Conflict(N_("名单的备案还没有办完，评审不能办结：请等主管教育局答复。"))
    reviews.enter(held, RankReviewStage.EFFECTIVE)


def close_rank_review(call: Call) -> None:
    """End a review that is abandoned, its lists and the applications in it; not opened yet, there is nothing to end."""
    found = call.session.scalar(select(RankReview.id).where(RankReview.instance_id == call.instance_id))
    if found is not None:
        held = reviews.locked(call.session, found)
        withdrawing.withdraw_review(call.session, held.id)
        closing.close(call.session, held)


def _held(call: Call) -> RankReview:
    """Return the review that the case is. Raises NotFound for another's."""
    held = reviews.locked(call.session, call.params["review"])
    if held.instance_id != call.instance_id:
        raise NotFound
    return held


def _tell_of_nobody(call: Call, held: RankReview, found: Count) -> None:
    school = call.session.get_one(Organization, held.organization_id)
    told = {"school": school.name, "title": reviews.title_of(held), "applicants": found.applicants}
    bureaus = routes.bureaus_of(call.session, school.id)[:1]
    offices.tell(call.session, [one.id for one in bureaus], Role.BUREAU_CLERK, News(NOBODY % told))
