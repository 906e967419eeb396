"""The annual rank review 职级评审: its stages, and what becomes of an application 职级申报."""

from enum import StrEnum

from app.domain.text import N_


class RankReviewStage(StrEnum):
    """How far a school's review of one school year has come."""

    APPLYING = "applying"
    REVIEWING = "reviewing"
    NOTICING = "noticing"
    SIGNING = "signing"
    FILED = "filed"
    EFFECTIVE = "effective"
    NO_APPLICANTS = "no_applicants"
    CLOSED = "closed"


RANK_REVIEW_STAGE_TITLES: dict[RankReviewStage, str] = {
    RankReviewStage.APPLYING: N_("申报"),
    RankReviewStage.REVIEWING: N_("评审与认定"),
    RankReviewStage.NOTICING: N_("公示"),
    RankReviewStage.SIGNING: N_("校长签署"),
    RankReviewStage.FILED: N_("上报备案"),
    RankReviewStage.EFFECTIVE: N_("已生效"),
    RankReviewStage.NO_APPLICANTS: N_("无名单上报"),
    RankReviewStage.CLOSED: N_("已终止"),
}


# The list of names is not filed yet.
UNFILED = frozenset(
    {RankReviewStage.APPLYING, RankReviewStage.REVIEWING, RankReviewStage.NOTICING, RankReviewStage.SIGNING}
)


class RankApplicationKind(StrEnum):
    """By which way somebody comes to a rank."""

    FIRST = "first"
    PROMOTION = "promotion"
    EXCEPTIONAL = "exceptional"


RANK_APPLICATION_KIND_TITLES: dict[RankApplicationKind, str] = {
    RankApplicationKind.FIRST: N_("一次性对应"),
    RankApplicationKind.PROMOTION: N_("晋升一级"),
    RankApplicationKind.EXCEPTIONAL: N_("破格晋升"),
}


class RankApplicationStatus(StrEnum):
    """How far an application has come in its school."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    VERIFIED = "verified"
    SETTLED = "settled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


RANK_APPLICATION_STATUS_TITLES: dict[RankApplicationStatus, str] = {
    RankApplicationStatus.SUBMITTED: N_("待审核"),
    RankApplicationStatus.CORRECTING: N_("待补正"),
    RankApplicationStatus.VERIFIED: N_("评审中"),
    RankApplicationStatus.SETTLED: N_("学校已认定"),
    RankApplicationStatus.REJECTED: N_("不予受理"),
    RankApplicationStatus.WITHDRAWN: N_("已撤回"),
}

# Neither settled nor out of the review yet.
PENDING = frozenset({RankApplicationStatus.SUBMITTED, RankApplicationStatus.CORRECTING, RankApplicationStatus.VERIFIED})


class RankApplicationResult(StrEnum):
    """What the school determined, and what the filing made of it."""

    DETERMINED = "determined"
    REFUSED = "refused"
    EFFECTIVE = "effective"
    REFUSED_ABOVE = "refused_above"


RANK_APPLICATION_RESULT_TITLES: dict[RankApplicationResult, str] = {
    RankApplicationResult.DETERMINED: N_("学校认定，待备案"),
    RankApplicationResult.REFUSED: N_("学校不予认定"),
    RankApplicationResult.EFFECTIVE: N_("已生效"),
    RankApplicationResult.REFUSED_ABOVE: N_("审核未通过"),
}
