"""Registers as Excel files, with the filters of the lists."""

from flask import Response
from pydantic import Field

from app.domain.dossiers import EntryKind
from app.domain.errors import NotFound
from app.domain.registers import REGISTERS
from app.services.ranks.columns import columns_at
from app.services.registers.appointments import AppointmentFilters
from app.services.registers.entries import EntryFilters
from app.services.registers.evaluations import EvaluationFilters
from app.services.registers.sheets import exports
from app.services.studios.studio_register import StudioFilters
from app.views.api.answering import OK
from app.views.api.dossier_registers import OfEntries, Path
from app.views.api.family import Family
from app.views.api.fields import MaybeId
from app.views.api.registers import OfAppointments, OfEvaluations, OfStudios, asked
from app.views.database import get_session
from app.views.session import current_actor
from app.views.workbooks import XLSX, handed_out

family = Family("exports", "导出")
WORKBOOK = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}


class Exported(OfEntries):
    columns: MaybeId = Field(None, description="职级：按这个单位的教育局自己的列导出；没有定过的是平台的列")


@family.get("/registers/<name>.xlsx", summary="档案里核实过的登记，Excel", responses={OK: WORKBOOK})
def of_entries(path: Path, query: Exported) -> Response:
    """Hand out a register of entries; a look at the file of everybody in it is noted."""
    session, actor, register = get_session(), current_actor(), REGISTERS.get(path.name)
    if register is None:
        raise NotFound
    wanted = EntryFilters(**asked(query), level=query.level, category=query.category, q=query.q)
    is_own = query.columns is not None and register.kinds == (EntryKind.RANK,)
    own = columns_at(session, actor, query.columns or 0) if is_own else None
    return handed_out(
        lambda file: exports.export_entries(session, actor, register, wanted, file, own), f"{path.name}.xlsx"
    )


@family.get("/registers/studios.xlsx", summary="工作室，Excel", responses={OK: WORKBOOK})
def of_studios(query: OfStudios) -> Response:
    """Hand out the studios of the organisations in sight."""
    session, actor = get_session(), current_actor()
    wanted = StudioFilters(**asked(query), level=query.level, q=query.q)
    return handed_out(lambda file: exports.export_studios(session, actor, wanted, file), "studios.xlsx")


@family.get("/registers/evaluations.xlsx", summary="工作室的考核等级，Excel", responses={OK: WORKBOOK})
def of_evaluations(query: OfEvaluations) -> Response:
    """Hand out the grades of studios."""
    session, actor = get_session(), current_actor()
    wanted = EvaluationFilters(**asked(query), studio_id=query.studio)
    return handed_out(lambda file: exports.export_evaluations(session, actor, wanted, file), "evaluations.xlsx")


@family.get("/registers/appointments.xlsx", summary="任职，Excel", responses={OK: WORKBOOK})
def of_appointments(query: OfAppointments) -> Response:
    """Hand out who holds or held which post."""
    session, actor = get_session(), current_actor()
    wanted = AppointmentFilters(**asked(query), role=query.role, studio_id=query.studio)
    return handed_out(lambda file: exports.export_appointments(session, actor, wanted, file), "appointments.xlsx")
