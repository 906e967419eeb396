"""The checks of an application for a rank: when, once a school year, and which rank by which way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db.rank_reviews import RankApplication, RankReview
from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.ranks import RankApplicationKind
from app.domain.text import N_
from app.services.dossiers.explanations import YEARS, Condition, Met
from app.services.operations.call import Call
from app.services.operations.findings import Findings, refuse
from app.services.rank_reviews import applications, reviews, votes
from app.services.rank_reviews.entitlements import Entitlement, entitlement_of
from app.services.ranks import eligibility

DRAFT = "apply"
LADDER, EXCEPTIONAL = "rank.ladder", "rank.exceptional"
TWICE = N_("您已经申报了这一学年的职级评审。")
JUDGED = N_("评审组本学年已经表决过您的申报，同一学年不能再报。")
TOP = N_("您已经是最高一档，不用再申报。")
STEP = N_("每次晋升一级，这次只能申报上一档。")
STEP_OR_EXCEPTION = N_("每次晋升一级，这次只能申报上一档；表现突出的可以申报破格。")
MISSED = N_("“%(title)s”不符合：%(requirement)s。档案里缺的请先登记。")
MISSED_OR_EXCEPTION = N_("“%(title)s”不符合：%(requirement)s。档案里缺的请先登记；表现突出的可以申报破格。")
VOTES = {
    "passed": N_("评审组表决通过"),
    "not_passed": N_("评审组表决没有通过"),
    "no_quorum": N_("评审组表决的人数不够"),
}


@dataclass(frozen=True)
class RankDraft:
    """The start form of `rank_application`, as far as it is checked."""

    review_id: int
    rank: Rank
    is_exceptional: bool
    # As a homeroom teacher, as the applicant tells it.
    years: float

    def kind_by(self, found: Entitlement) -> RankApplicationKind:
        """Return by which way it leads to the rank."""
        return RankApplicationKind.EXCEPTIONAL if self.is_exceptional else found.reach.kind


def draft_in(values: Mapping[str, Any]) -> RankDraft:
    """Read the application from a case's values."""
    draft = values[DRAFT]
    is_exceptional, years = bool(draft.get("is_exceptional")), draft.get("homeroom_years") or 0
    return RankDraft(draft["review"], Rank(draft["rank"]), is_exceptional, years)


def review_of(call: Call, draft: RankDraft) -> RankReview:
    """Return the review, kept from moving on until the transaction ends. Raises Refused."""
    query = select(RankReview).where(
        RankReview.id == draft.review_id, RankReview.organization_id == call.organization_id
    )
    found = call.session.scalar(query.with_for_update(read=True))
    if found is None:
        raise refuse(call.rules, "review", N_("请选本校的评审。"), None)
    return found


def check_review(call: Call, held: RankReview, standing: RankApplication | None, findings: Findings) -> None:
    """Demand a review that takes applications, and no other of the same person in the school year, here or elsewhere."""
    closed = reviews.why_closed(held)
    if standing is None and closed is not None:
        findings.fault("review", closed.message, **closed.params)
    if standing is not None and (standing.review_id != held.id or held.stage in reviews.ENDS):
        findings.fault("review", N_("补正只能在原来的评审里，请改回原来的评审。"))
    person_id = call.required_initiator()
    other = applications.other_application(call.session, person_id, held.school_year, call.instance_id)
    if other is not None and other.organization_id == call.organization_id:
        findings.fault("review", TWICE)
    elif other is not None:
        message = N_("您本学年已经在%(school)s申报，由那里办到底，结果随档案到现在的学校。")
        findings.fault("review", message, school=other.organization.name)
    elif votes.was_judged(call.session, person_id, held.school_year, call.instance_id):
        findings.fault("review", JUDGED)


def entitlement(call: Call, draft: RankDraft) -> Entitlement:
    """Return what the conditions say of the applicant. Raises Refused for a rank that is not above the one held."""
    person_id, place = call.required_initiator(), call.organization_id
    found = entitlement_of(call.session, person_id, place, draft.rank)
    if found is not None:
        return found
    stands = eligibility.ladder_place_of(call.session, person_id, place, clock.today())
    if not stands.has_ladder:
        raise refuse(call.rules, "rank", N_("本单位还没有采用职级的规则包，请先找管理员采用。"), None)
    raise refuse(call.rules, "rank", TOP if stands.is_top else N_("申报的要比现在的职级高，请改选高一些的。"), LADDER)


def check_rank(draft: RankDraft, found: Entitlement, findings: Findings) -> None:
    """Demand the next rank, with nothing on record against it; an exception goes higher, where the rules let one."""
    if found.reach.is_first_year:
        findings.fault("rank", N_("任班主任第一年是班主任助理，不参加评审。"), LADDER)
    if draft.is_exceptional and not findings.rule(EXCEPTIONAL, default=False):
        findings.fault("is_exceptional", N_("按规则不能破格。"), EXCEPTIONAL)
    if draft.is_exceptional and found.rank in found.reach.allowed:
        findings.fault("is_exceptional", N_("按条件够得上这一档，不用破格：请去掉“破格申报”再提交。"), EXCEPTIONAL)
    if not draft.is_exceptional and not found.is_next:
        findings.fault("rank", STEP_OR_EXCEPTION if found.may_be_excepted else STEP, "rank.steps_per_promotion")
    for missed in found.barring(is_exceptional=draft.is_exceptional):
        message = MISSED_OR_EXCEPTION if found.may_be_excepted and not draft.is_exceptional else MISSED
        findings.fault("rank", message, missed.parameter, title=missed.title, requirement=missed.requirement)


def note_conditions(found: Entitlement, findings: Findings) -> None:
    """Say of each condition whether the file proves it, for who verifies and judges."""
    for one in found.shown:
        if one.state is Met.MET:
            findings.passed(N_("%(title)s：%(requirement)s"), one.parameter, **_words(one))
        elif one.state is Met.NOT_MET:
            findings.doubt(N_("%(title)s（不符合）：%(requirement)s"), one.parameter, **_words(one))
        else:
            findings.doubt(N_("%(title)s（档案里证明不了，请看材料）：%(requirement)s"), one.parameter, **_words(one))


def note_years(draft: RankDraft, found: Entitlement, findings: Findings) -> None:
    """Say where the applicant tells of other years than the file proves, for who verifies and judges."""
    for one in found.shown:
        proven, is_years = one.value.value, one.fact is not None and one.fact.name == YEARS
        # Where nothing is proven, the condition itself says so.
        if is_years and isinstance(proven, int | float) and draft.years != proven:
            message = N_("申报任班主任 %(told)s 年，档案能证明的是 %(proven)s 年，两处不一样，请看材料")
            findings.doubt(message, one.parameter, told=f"{draft.years:g}", proven=f"{proven:g}")


def _words(one: Condition) -> dict[str, str]:
    return {"title": one.title, "requirement": one.requirement}
