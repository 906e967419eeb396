"""Filings 备案 of a school's ranks with its district and city: how far a batch and each of its rows have come."""

import re
from enum import StrEnum
from unicodedata import normalize

from app.domain.text import N_


class Channel(StrEnum):
    """How a batch reaches the next level."""

    PLATFORM = "platform"
    PAPER = "paper"


CHANNEL_TITLES: dict[Channel, str] = {Channel.PLATFORM: N_("平台报送"), Channel.PAPER: N_("纸质报送")}


class FilingLevel(StrEnum):
    """Where a row lies at the moment."""

    SCHOOL = "school"
    DISTRICT = "district"
    CITY = "city"


FILING_LEVEL_TITLES: dict[FilingLevel, str] = {
    FilingLevel.SCHOOL: N_("学校"),
    FilingLevel.DISTRICT: N_("区县教育局"),
    FilingLevel.CITY: N_("市教育局"),
}


class BatchKind(StrEnum):
    """Why a batch is filed."""

    REGULAR = "regular"
    SUPPLEMENT = "supplement"
    CORRECTION = "correction"


BATCH_KIND_TITLES: dict[BatchKind, str] = {
    BatchKind.REGULAR: N_("年度报送"),
    BatchKind.SUPPLEMENT: N_("补报"),
    BatchKind.CORRECTION: N_("更正"),
}


class BatchStatus(StrEnum):
    """How far a batch has come."""

    PREPARED = "prepared"
    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    SETTLED = "settled"


BATCH_STATUS_TITLES: dict[BatchStatus, str] = {
    BatchStatus.PREPARED: N_("准备报送"),
    BatchStatus.SUBMITTED: N_("审核中"),
    BatchStatus.CORRECTING: N_("退回补正"),
    BatchStatus.SETTLED: N_("已办结"),
}


class RowStatus(StrEnum):
    """How far a row has come at its level; passed waits there for the list to go up."""

    PENDING = "pending"
    PASSED = "passed"
    RETURNED = "returned"
    REFUSED = "refused"
    EFFECTIVE = "effective"


ROW_STATUS_TITLES: dict[RowStatus, str] = {
    RowStatus.PENDING: N_("待审核"),
    RowStatus.PASSED: N_("审核通过"),
    RowStatus.RETURNED: N_("退回补正"),
    RowStatus.REFUSED: N_("不予备案"),
    RowStatus.EFFECTIVE: N_("已生效"),
}
# The bureau with which a row lies is not done with it.
WITH_BUREAU = (RowStatus.PENDING, RowStatus.PASSED)
# Nothing more becomes of these.
SETTLED = frozenset({RowStatus.REFUSED, RowStatus.EFFECTIVE})


class RowVerdict(StrEnum):
    """What the auditor prepares for a row, and the second person confirms."""

    ACCEPT = "accept"
    RETURN = "return"
    REFUSE = "refuse"


ROW_VERDICT_TITLES: dict[RowVerdict, str] = {
    RowVerdict.ACCEPT: N_("通过"),
    RowVerdict.RETURN: N_("退回补正"),
    RowVerdict.REFUSE: N_("不予备案"),
}


class VerdictWanted(StrEnum):
    """Which rows are looked at, by the verdict that is prepared for them."""

    OPEN = "open"
    ACCEPT = "accept"
    RETURN = "return"
    REFUSE = "refuse"


VERDICT_WANTED_TITLES: dict[VerdictWanted, str] = {
    VerdictWanted.OPEN: N_("还没有写"),
    VerdictWanted.ACCEPT: N_("拟通过"),
    VerdictWanted.RETURN: N_("拟退回补正"),
    VerdictWanted.REFUSE: N_("拟不予备案"),
}


class Difference(StrEnum):
    """How a row differs from what the register has of its person, as last year left it, or that it came back as it is."""

    REGISTER = "register"
    SAME = "same"
    LOWER = "lower"
    LEAP = "leap"
    CORRECTION = "correction"
    RETURNED = "returned"
    ANY = "any"
    NONE = "none"


DIFFERENCE_TITLES: dict[Difference, str] = {
    Difference.NONE: N_("没有不一致"),
    Difference.ANY: N_("有不一致"),
    Difference.REGISTER: N_("原职级和台账不一致"),
    Difference.SAME: N_("和去年相同"),
    Difference.LOWER: N_("比去年低"),
    Difference.LEAP: N_("一次升几档"),
    Difference.CORRECTION: N_("更正已备案的"),
    Difference.RETURNED: N_("退回待审，请逐人办"),
}


class Next(StrEnum):
    """What a bureau has to do once a list is settled."""

    AUDIT = "audit"
    AGGREGATE = "aggregate"
    NOTHING = "nothing"


class BatchState(StrEnum):
    """What the school has to do about a batch."""

    WAITING = "waiting"
    CORRECTING = "correcting"
    SETTLED = "settled"


class Remedy(StrEnum):
    """What a correction does to a filed rank."""

    MEND = "mend"
    STRIKE = "strike"


# What a school writes in place of a rank where it takes a returned row back.
WITHDRAWN = "withdrawn"
WITHDRAWN_TITLE = N_("没有通过或者撤下")


_NUMBER = re.compile(r"(.+)-(\d{4})-\d{5,}", re.ASCII)
# Hyphens, dashes and the minus sign.
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")


def filing_number(code: str, school_year: int, number: int) -> str:
    """Write a filing number 备案号: the bureau, the year, and a running number."""
    return f"{code}-{school_year}-{number:05d}"


def number_parts(number: str) -> tuple[str, int] | None:
    """Return the bureau and the year of what has the form of a filing number, however it is typed."""
    typed = "".join(normalize("NFKC", number).split()).upper()
    found = _NUMBER.fullmatch(_DASHES.sub("-", typed))
    return (found[1], int(found[2])) if found else None


class Standing(StrEnum):
    """How far a school has come with the list of a year."""

    IN_SCHOOL = "in_school"
    NOT_BEGUN = "not_begun"
    NO_APPLICANTS = "no_applicants"
    SUBMITTED = "submitted"
    PASSED = "passed"
    REPORTED = "reported"
    CORRECTING = "correcting"
    SETTLED = "settled"
    CLOSED = "closed"
    NOT_ADOPTED = "not_adopted"


STANDING_TITLES: dict[Standing, str] = {
    Standing.IN_SCHOOL: N_("校内办理"),
    Standing.NOT_BEGUN: N_("没开始"),
    Standing.NO_APPLICANTS: N_("无申报"),
    Standing.SUBMITTED: N_("已报待审"),
    Standing.PASSED: N_("已审待汇总"),
    Standing.REPORTED: N_("已汇总上报"),
    Standing.CORRECTING: N_("退回补正"),
    Standing.SETTLED: N_("已备案"),
    Standing.CLOSED: N_("评审已终止"),
    Standing.NOT_ADOPTED: N_("没有采用"),
}
# Nothing has been filed yet.
MISSING = frozenset({Standing.NOT_BEGUN, Standing.IN_SCHOOL})
# Nobody has anything to do any more.
DONE = frozenset({Standing.NO_APPLICANTS, Standing.SETTLED, Standing.CLOSED})
