"""The columns of exported registers; what can be imported is exported under the same heads."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.dossiers import ENTRY_FORMS
from app.domain.registers import REGISTERS, Register
from app.domain.sheets import PERSON, SHEETS, CellKind, Column, SheetKind, entry_columns
from app.domain.text import N_

IMPORTED: Mapping[str, SheetKind] = MappingProxyType(
    {"service": SheetKind.SERVICE, "honours": SheetKind.HONOURS, "ranks": SheetKind.RANKS}
)
# Where the person works, and who verified the entry: an import passes them by.
PLACE = Column("organization", N_("现在的单位"), width=24)
VERIFIED = (
    Column("verified_at", N_("核实单位"), width=24),
    Column("verified_by", N_("核实人")),
    Column("verified_on", N_("核实日期"), kind=CellKind.DAY),
)
PASSED_BY = frozenset({PLACE.head, *(column.head for column in VERIFIED)})

APPOINTMENTS, EVALUATIONS, STUDIOS = "appointments", "evaluations", "studios"
OTHERS: Mapping[str, tuple[str, tuple[Column, ...]]] = MappingProxyType(
    {
        APPOINTMENTS: (
            N_("任职"),
            (
                Column("person", N_("姓名")),
                Column("organization", N_("单位"), width=24),
                Column("role", N_("职务"), width=20),
                Column("studio", N_("工作室"), width=28),
                Column("from_on", N_("任职起"), kind=CellKind.DAY),
                Column("until_on", N_("任职止"), kind=CellKind.DAY),
            ),
        ),
        EVALUATIONS: (
            N_("历次等级"),
            (
                Column("studio", N_("工作室"), width=28),
                Column("organization", N_("单位"), width=24),
                Column("period", N_("时段"), width=20),
                Column("grade", N_("等级")),
                Column("graded_on", N_("评定日期"), kind=CellKind.DAY),
                Column("issuer", N_("评定单位"), width=24),
            ),
        ),
        STUDIOS: (
            N_("工作室"),
            (
                Column("studio", N_("工作室"), width=28),
                Column("organization", N_("单位"), width=24),
                Column("level", N_("级别")),
                Column("hosts", N_("主持人")),
                Column("mentors", N_("导师")),
                Column("members", N_("成员"), width=40),
                Column("from_on", N_("工作周期起"), kind=CellKind.DAY),
                Column("until_on", N_("工作周期止"), kind=CellKind.DAY),
                Column("ended_on", N_("结束日期"), kind=CellKind.DAY),
            ),
        ),
    }
)
NAMES = (*REGISTERS, *OTHERS)


def columns_of(register: Register) -> tuple[Column, ...]:
    """Return the columns of a register of entries."""
    kind = IMPORTED.get(register.name)
    if kind is not None:
        told = SHEETS[kind][0].columns
    else:
        labels = ENTRY_FORMS[register.kinds[0]].labels
        told = (*PERSON, *entry_columns(register.kinds[0], **dict.fromkeys(labels, "")))
    return (*told, PLACE, *VERIFIED)
