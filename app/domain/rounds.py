"""Rounds 批次 of host selection: their stages and dates, and what becomes of an application 申报."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.calendar import Calendar
from app.domain.text import N_

# Between the end of the review and the notice, and the one extension of the window.
DECIDING_DAYS = 2
EXTENSION_DAYS = 5
# How far from today a date of a round may lie.
FARTHEST = timedelta(days=366)


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


class Order(StrEnum):
    """Whether a round's candidates are reviewed or voted on first."""

    REVIEW_FIRST = "review_first"
    VOTE_FIRST = "vote_first"
    PARALLEL = "parallel"


class FewerChoice(StrEnum):
    """What may be decided where fewer applied than there are seats."""

    EXTEND = "extend"
    GO_ON = "go_on"
    END = "end"


@dataclass(frozen=True)
class Lengths:
    """How many working days each part of a round takes; `vote` is 0 where none is held."""

    check: int
    review: int
    vote: int
    notice: int
    order: Order = Order.REVIEW_FIRST


def planned_dates(calendar: Calendar, apply_from: date, apply_until: date, lengths: Lengths) -> dict[RoundDate, date]:
    """Return the dates of a round as they come one after the other, counted in working days."""

    def after(day: date, count: int) -> date:
        return calendar.add_working_days(day, count).on

    checked = after(apply_until, lengths.check)
    is_vote_first = lengths.order is Order.VOTE_FIRST
    review = after(after(checked, lengths.vote) if is_vote_first else checked, lengths.review)
    vote = after(review if lengths.order is Order.REVIEW_FIRST else checked, lengths.vote)
    notice = after(max(review, vote), DECIDING_DAYS)
    found = {
        RoundDate.APPLY_FROM: apply_from,
        RoundDate.APPLY_UNTIL: apply_until,
        RoundDate.REVIEW_UNTIL: review,
        RoundDate.VOTE_UNTIL: vote,
        RoundDate.NOTICE_FROM: notice,
        RoundDate.NOTICE_UNTIL: after(notice, lengths.notice),
        RoundDate.APPOINT_ON: after(notice, lengths.notice + 1),
    }
    return {name: day for name, day in found.items() if lengths.vote or name is not RoundDate.VOTE_UNTIL}
