"""Rounds 批次 of host selection: their stages and dates, and what becomes of an application 申报."""

from enum import StrEnum

from app.domain.text import N_


class RoundStage(StrEnum):
    """How far a round has come."""

    APPLYING = "applying"
    REVIEWING = "reviewing"
    DECIDING = "deciding"
    NOTICING = "noticing"
    APPOINTING = "appointing"
    ENDED = "ended"
    CALLED_OFF = "called_off"


ROUND_STAGE_TITLES: dict[RoundStage, str] = {
    RoundStage.APPLYING: N_("个人申报"),
    RoundStage.REVIEWING: N_("评议与投票"),
    RoundStage.DECIDING: N_("确定人选"),
    RoundStage.NOTICING: N_("公示"),
    RoundStage.APPOINTING: N_("聘任"),
    RoundStage.ENDED: N_("已办结"),
    RoundStage.CALLED_OFF: N_("已终止"),
}


class RoundDate(StrEnum):
    """A date of a round, planned or real."""

    APPLY_FROM = "apply_from"
    APPLY_UNTIL = "apply_until"
    REVIEW_UNTIL = "review_until"
    VOTE_UNTIL = "vote_until"
    NOTICE_FROM = "notice_from"
    NOTICE_UNTIL = "notice_until"
    APPOINT_ON = "appoint_on"


ROUND_DATE_TITLES: dict[RoundDate, str] = {
    RoundDate.APPLY_FROM: N_("申报开始"),
    RoundDate.APPLY_UNTIL: N_("申报截止"),
    RoundDate.REVIEW_UNTIL: N_("评议截止"),
    RoundDate.VOTE_UNTIL: N_("投票截止"),
    RoundDate.NOTICE_FROM: N_("公示开始"),
    RoundDate.NOTICE_UNTIL: N_("公示期满"),
    RoundDate.APPOINT_ON: N_("聘任"),
}


class ApplicationKind(StrEnum):
    """What somebody applies to become."""

    HOST = "host"
    MEMBER = "member"


APPLICATION_KIND_TITLES: dict[ApplicationKind, str] = {
    ApplicationKind.HOST: N_("主持人"),
    ApplicationKind.MEMBER: N_("成员"),
}


class ApplicationStatus(StrEnum):
    """How far the checks of an application have come."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    RECOMMENDING = "recommending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


APPLICATION_STATUS_TITLES: dict[ApplicationStatus, str] = {
    ApplicationStatus.SUBMITTED: N_("待审核"),
    ApplicationStatus.CORRECTING: N_("待补正"),
    ApplicationStatus.RECOMMENDING: N_("逐级推荐中"),
    ApplicationStatus.ACCEPTED: N_("已受理"),
    ApplicationStatus.REJECTED: N_("不予受理"),
    ApplicationStatus.WITHDRAWN: N_("已撤回"),
}

# Neither accepted nor out of the round yet.
PENDING = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.CORRECTING, ApplicationStatus.RECOMMENDING})


class ApplicationResult(StrEnum):
    """What an accepted application came to."""

    CHOSEN = "chosen"
    RESERVE = "reserve"
    NOT_CHOSEN = "not_chosen"
    STRUCK = "struck"
    DECLINED = "declined"
    APPOINTED = "appointed"


APPLICATION_RESULT_TITLES: dict[ApplicationResult, str] = {
    ApplicationResult.CHOSEN: N_("拟聘"),
    ApplicationResult.RESERVE: N_("递补"),
    ApplicationResult.NOT_CHOSEN: N_("未入选"),
    ApplicationResult.STRUCK: N_("异议成立，不再列入名单"),
    ApplicationResult.DECLINED: N_("本人谢绝"),
    ApplicationResult.APPOINTED: N_("已聘任"),
}
