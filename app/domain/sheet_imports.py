"""Where an import of a sheet stands."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.domain.text import N_


class ImportStatus(StrEnum):
    """Checked first, then shown, and written once it is confirmed; what is refused or dropped is handed in anew."""

    CHECKING = "checking"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"
    FAILED = "failed"


IMPORT_STATUS_TITLES: Mapping[ImportStatus, str] = MappingProxyType(
    {
        ImportStatus.CHECKING: N_("核对中"),
        ImportStatus.READY: N_("等您确认"),
        ImportStatus.WRITING: N_("导入中"),
        ImportStatus.DONE: N_("已导入"),
        ImportStatus.REFUSED: N_("必须改"),
        ImportStatus.DROPPED: N_("已撤回"),
        ImportStatus.FAILED: N_("没办成"),
    }
)
# What somebody has to work on.
WAITING = frozenset({ImportStatus.CHECKING, ImportStatus.WRITING})
