"""Registers of what was verified in teachers' files, each within the caller's scope."""

from flask import Response
from pydantic import BaseModel, Field

from app.domain.dossiers import Level
from app.domain.errors import NotFound
from app.domain.registers import REGISTERS
from app.services.registers.entries import EntryFilters, entries
from app.views.api.answering import OK, listed
from app.views.api.entry_rows import EntryRow, entry_row
from app.views.api.family import Family
from app.views.api.fields import Answer, MaybeText
from app.views.api.registers import Asked, asked
from app.views.database import get_session
from app.views.session import current_actor

family = Family("dossier_registers", "台账")


class Path(BaseModel):
    name: str = Field(json_schema_extra={"enum": list(REGISTERS)})


class OfEntries(Asked):
    level: Level | None = None
    category: MaybeText = Field(None, description="种类、身份、职级、职称、承担、层次或处分")
    q: MaybeText = Field(None, description="姓名、名称或单位")


class EntryRows(Answer):
    items: list[EntryRow]
    next: str | None


@family.get("/registers/<name>", summary="档案里核实过的登记", responses={OK: EntryRows})
def index(path: Path, query: OfEntries) -> Response:
    """Return a register's entries: one's own, and those of the people whose files one may see."""
    register = REGISTERS.get(path.name)
    if register is None:
        raise NotFound
    wanted = EntryFilters(**asked(query), level=query.level, category=query.category, q=query.q)
    page = entries(get_session(), current_actor(), register, wanted, cursor=query.cursor, limit=query.limit)
    return listed(map(entry_row, page.items), page.next)
