"""The messages that the platform itself sends to cases: no diagram may send them, or a case would believe it."""

from enum import StrEnum


class PlatformMessage(StrEnum):
    """What happened to records that cases wait for."""

    ROUND_DATES_MOVED = "round_dates_moved"
    ROUND_RESULT = "round_result"
    APPLICATION_SETTLED = "application_settled"
    APPOINTMENT_ANSWERED = "appointment_answered"
    NOTICE_REVIEWED = "notice_reviewed"
    RANK_APPLICATION_SETTLED = "rank_application_settled"
    RANK_SETTLED = "rank_settled"
    ROWS_ARRIVED = "rows_arrived"
    BATCH_ANSWERED = "batch_answered"
    FILING_SETTLED = "filing_settled"


PLATFORM_MESSAGES = frozenset(PlatformMessage)
