"""The registers of teachers' files: which entries each lists, and what it tells as of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.dossiers import ENTRY_FORMS, EntryKind
from app.domain.policy import Action
from app.domain.text import N_


class Moment(StrEnum):
    """What a register tells as of a day."""

    # Whatever had been given until then.
    GIVEN = "given"
    # What had begun and had not ended.
    RUNNING = "running"
    # Of each person, what was given last.
    LATEST = "latest"


@dataclass(frozen=True)
class Register:
    """A list of verified entries.

    `opens_today` where its page shows what holds today unless another day is asked; of `is_confidential` ones every
    look is a look at the files of those whom it shows.
    """

    name: str
    title: str
    kinds: tuple[EntryKind, ...]
    moment: Moment
    opens_today: bool = False
    is_confidential: bool = False

    @property
    def action(self) -> Action:
        """Return what lets somebody see others' entries."""
        return Action.SEE_SANCTIONS if self.is_confidential else Action.SEE_DOSSIERS

    @property
    def categories(self) -> Mapping[str, str]:
        """Return the closed list by which it may be narrowed; empty where its kinds have none."""
        return {code: title for kind in self.kinds for code, title in ENTRY_FORMS[kind].categories.items()}

    @property
    def has_level(self) -> bool:
        """Tell whether its entries have a level."""
        return any("level" in ENTRY_FORMS[kind].labels for kind in self.kinds)


_REGISTERS = (
    Register("honours", N_("荣誉"), (EntryKind.HONOUR, EntryKind.CLASS_HONOUR), Moment.GIVEN),
    Register("service", N_("任职"), (EntryKind.SERVICE,), Moment.RUNNING, opens_today=True),
    Register("ranks", N_("职级"), (EntryKind.RANK,), Moment.LATEST, opens_today=True),
    Register("titles", N_("职称"), (EntryKind.TITLE,), Moment.LATEST, opens_today=True),
    Register("credits", N_("培训"), (EntryKind.TRAINING,), Moment.GIVEN),
    Register("publications", N_("论文和交流"), (EntryKind.PUBLICATION,), Moment.GIVEN),
    Register("projects", N_("课题"), (EntryKind.PROJECT,), Moment.RUNNING),
    Register("sanctions", N_("处分"), (EntryKind.SANCTION,), Moment.RUNNING, is_confidential=True),
)
REGISTERS: Mapping[str, Register] = MappingProxyType({register.name: register for register in _REGISTERS})
