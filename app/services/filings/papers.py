"""What a list shows that is printed to be sealed, and whether it still stands: one rule for schools and districts."""

from collections.abc import Sequence

from app.db.filings import FilingRow
from app.domain import canonical
from app.domain.filings import WITHDRAWN_TITLE, RowStatus
from app.domain.text import N_
from app.services.filings import correction_news

VALID = N_("这份名单属实，和平台上的一致。")
DROPPED = N_("这份名单属实；名单之后有变动：有人退回、没有通过或者撤下了，以变动以后的为准。")
CHANGED = N_("这份名单属实；打印以后名单有改动，以改动以后的为准。")


def content_hash(signed: str, dropped: Sequence[int]) -> str:
    """Return the hash of a list as it is printed: as it was signed, and which rows of it are not asked for any more."""
    return canonical.content_hash({"signed": signed, "dropped": list(dropped)}) if dropped else signed


def standing(printed: str, signed: str, dropped: Sequence[int]) -> str:
    """Say what became of a list since it was printed, of which the hash is given as it was printed and as it is signed now."""
    if content_hash(signed, dropped) == printed:
        return VALID
    return DROPPED if signed == printed else CHANGED


def refused(rows: Sequence[FilingRow]) -> list[int]:
    """Return the rows that are not asked for any more."""
    return [row.id for row in rows if row.status == RowStatus.REFUSED]


def note(row: FilingRow) -> str:
    """Return what is to be known of a row: that it is not asked for any more, what it corrects, or what was mended."""
    if row.status == RowStatus.REFUSED:
        return WITHDRAWN_TITLE
    if row.corrects is not None:
        return correction_news.change(row.corrects, row.rank, row.from_on, is_void=row.is_void)
    return row.particulars.get("corrected") or ""
