"""What a school's list came to, in words: of a few each by name, of many how many."""

from collections import Counter
from collections.abc import Sequence

from app.db.filings import FilingRow
from app.domain.dossiers import RANK_TITLES
from app.domain.filings import RowStatus
from app.domain.text import N_, sentence

MOST_NAMED = 5
# A notice is short: the list has the reason whole.
LONGEST_REASON = 60
EFFECTIVE = N_("%(name)s（%(rank)s）已生效，备案号 %(number)s")
REFUSED = N_("%(name)s（%(rank)s）不予备案：%(reason)s")
TAKEN_BACK = N_("%(name)s（%(rank)s）由学校撤下")
ALL_EFFECTIVE = N_("%(count)d 位已生效")
ALL_REFUSED = N_("%(count)d 位不予备案")
ALL_TAKEN_BACK = N_("%(count)d 位由学校撤下")
_COUNTED = {EFFECTIVE: ALL_EFFECTIVE, REFUSED: ALL_REFUSED, TAKEN_BACK: ALL_TAKEN_BACK}


def summed_up(rows: Sequence[FilingRow]) -> str:
    """Say what rows came to that are all settled."""
    if len(rows) <= MOST_NAMED:
        return "；".join(_told(row) for row in rows)
    counts = Counter(_words(row) for row in rows)
    return "，".join(sentence(said, count=counts[one]).chinese() for one, said in _COUNTED.items() if counts[one])


def _told(row: FilingRow) -> str:
    rank = N_("划销") if row.is_void else RANK_TITLES[row.rank]
    return sentence(
        _words(row), name=row.name, rank=rank, number=row.filing_number or "", reason=_shortened(row.reason or "")
    ).chinese()


def _words(row: FilingRow) -> str:
    if row.status == RowStatus.EFFECTIVE:
        return EFFECTIVE
    return REFUSED if row.confirmed_by_id is not None else TAKEN_BACK


def _shortened(reason: str) -> str:
    whole = reason.removesuffix("。")
    return whole if len(whole) <= LONGEST_REASON else f"{whole[:LONGEST_REASON]}…"
