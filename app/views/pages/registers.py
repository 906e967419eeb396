"""The school's lists of what was verified in files, one a register, with filters."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock
from app.domain.dossiers import EntryKind, Level
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import may_anywhere
from app.domain.registers import REGISTERS, Register
from app.domain.text import N_
from app.services.accounts.organizations import organizations_for
from app.services.ranks.columns import Held, columns_at
from app.services.registers import entries
from app.services.registers.entries import EntryFilters
from app.services.registers.sheets.exports import export_entries
from app.views.database import get_session
from app.views.forms import member_of
from app.views.numbers import whole, year
from app.views.presenters import registers as rows
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor
from app.views.words import full_day
from app.views.workbooks import handed_out

blueprint = Blueprint("registers", __name__, url_prefix="/registers")
LONGEST_SEARCH = 100


@blueprint.get("")
def index() -> Response:
    """Lead to the first register that opens."""
    opened = _opened(current_actor())
    if not opened:
        raise Forbidden
    return redirect(url_for("registers.show", name=opened[0].name))


@blueprint.get("/<name>")
def show(name: str) -> str:
    """Show a register."""
    session, actor = get_session(), current_actor()
    register = _register(actor, name)
    organizations = organizations_for(session, actor, register.action)
    filters, cursor = _filters(register), request.args.get("cursor")
    page = entries.entries(session, actor, register, filters, cursor=cursor)
    query, bureau = rows.query_of(filters), _own(register, filters).bureau
    return render_template(
        "registers/show.html",
        tabs=tabs(actor),
        register=register,
        title=_(register.title),
        line=_line(entries.count(session, actor, register, filters), filters.as_of),
        chips=rows.chips(_opened(actor), register),
        selects=rows.selects(
            register,
            filters,
            [(str(each.id), each.name) for each in organizations],
            [] if register.opens_today else entries.years(session, actor, register),
        ),
        q=filters.q or "",
        as_of=filters.as_of if register.opens_today else None,
        is_narrowed=bool(set(query) - {"as_of"}),
        heads=rows.heads(register),
        rows=rows.rows(register, page.items),
        is_several=len(organizations) > 1,
        export_url=url_for("registers.export", name=name, **query),
        bureau=bureau.name if bureau else "",
        own_url=url_for("registers.export", name=name, **query, own="") if bureau else "",
        first_url=url_for("registers.show", name=name, **query) if cursor else "",
        next_url=url_for("registers.show", name=name, **query, cursor=page.next) if page.next else "",
    )


@blueprint.get("/<name>.xlsx")
def export(name: str) -> Response:
    """Hand out the same entries as a spreadsheet."""
    session, actor = get_session(), current_actor()
    register = _register(actor, name)
    filters = _filters(register)
    own = _own(register, filters) if "own" in request.args else None
    return handed_out(
        lambda file: export_entries(session, actor, register, filters, file, own),
        _("%(title)s台账.xlsx", title=_(register.title)),
    )


def _own(register: Register, filters: EntryFilters) -> Held:
    """Return the columns of the bureau whose lists these are: of what is asked for, or of where the person acts."""
    acting = current_actor().acting
    organization_id = filters.organization_id or (acting.organization_id if acting else None)
    if register.kinds != (EntryKind.RANK,) or organization_id is None:
        return Held()
    return columns_at(get_session(), current_actor(), organization_id)


def _register(actor: Actor, name: str) -> Register:
    register = REGISTERS.get(name)
    if register is None:
        raise NotFound
    if not may_anywhere(actor, register.action):
        raise Forbidden
    return register


def _opened(actor: Actor) -> list[Register]:
    return [register for register in REGISTERS.values() if may_anywhere(actor, register.action)]


def _filters(register: Register) -> EntryFilters:
    asked = request.args
    category = asked.get("category")
    return EntryFilters(
        organization_id=asked.get("organization", type=whole),
        person_id=asked.get("person", type=whole),
        year=asked.get("year", type=year),
        as_of=_as_of(register),
        level=member_of(Level, asked.get("level")),
        category=category if category in register.categories else None,
        q=asked.get("q", "").strip()[:LONGEST_SEARCH] or None,
    )


def _as_of(register: Register) -> date | None:
    """Return the day that is asked for; where nothing is said, today for a register that opens with today."""
    text = request.args.get("as_of")
    if text is None:
        return clock.today() if register.opens_today else None
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid.field("as_of", N_("日期请写成 2026-09-01 这样。")) from None


def _line(total: int, as_of: date | None) -> str:
    """Return the grey line: how many, and as of which day."""
    if as_of is None:
        return _("共 %(total)d 条 · 只列核实过的", total=total)
    return _("共 %(total)d 条 · 截至%(day)s · 只列核实过的", total=total, day=full_day(as_of))
