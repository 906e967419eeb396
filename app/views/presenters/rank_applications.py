"""An application for a rank as its start page, its case and its tasks show it: what the file reaches, each condition."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.rank_reviews.applications import application_of
from app.services.rank_reviews.conditions import conditions_of
from app.services.rank_reviews.entitlements import Entitlement, entitlement_of
from app.services.rank_reviews.reviews import APPLIES
from app.services.ranks.eligibility import eligibility_of
from app.services.reading.cases import CaseView
from app.views.presenters.applications import conditions_sheet
from app.views.presenters.rank_reach import reach_sheet

EXCEPTION = N_("表现突出的，勾选“破格申报”，写明理由。")


def preset(session: Session, actor: Actor, organization_id: int) -> dict[str, Any]:
    """Return the rank that the own file reaches, for a form that nobody has typed into."""
    found = eligibility_of(session, actor.person_id, organization_id, clock.today())
    return {"rank": found.reach.counts.value} if found and found.reach and found.reach.counts else {}


def application_sheets(session: Session, actor: Actor, view: CaseView) -> dict[str, Any] | None:
    """Return the conditions of the application for a rank that a case is, to who applies and who judges it."""
    application = application_of(session, view.case.id) if view.case.process_key == APPLIES else None
    shown = conditions_of(session, actor, application) if application else None
    if application is None or shown is None:
        return None
    person_id, place = application.person_id, application.organization_id
    sheet = conditions_sheet(actor, person_id, place, shown.found, has_file=shown.has_file) or {}
    lacking = sheet["lacking"]
    words = (
        _("按档案，不符合或者证明不了的：%(what)s。", what=lacking) if lacking else _("按核实过的登记，条件都符合。")
    )
    reach = reach_sheet([shown.found])
    title = _("申报%(rank)s的条件", rank=_(RANK_TITLES[Rank(application.rank)]))
    return {"eligibility": {**sheet, "title": title, "sentence": words, "reach": reach}}


def start_sheets(
    session: Session, actor: Actor, organization_id: int, rank: object, *, is_exceptional: bool
) -> dict[str, Any]:
    """Return the ranks within reach, and the conditions of the rank that is chosen, or of the one that counts."""
    found = eligibility_of(session, actor.person_id, organization_id, clock.today())
    sheets: dict[str, Any] = {"closed": "", "eligibility": None, "reach": reach_sheet([found]) if found else None}
    if found is None or found.reach is None:
        return sheets
    wanted = next((one for one in Rank if one == rank), None) or (found.reach.aim and Rank(found.reach.aim.rank))
    entitled = entitlement_of(session, actor.person_id, organization_id, wanted) if wanted else None
    if entitled is not None:
        sheet = conditions_sheet(actor, actor.person_id, organization_id, entitled.asked) or {}
        title = _("申报%(rank)s的条件", rank=_(RANK_TITLES[entitled.rank]))
        words = _sentence(entitled, sheet["lacking"], is_exceptional=is_exceptional)
        sheets["eligibility"] = {**sheet, "title": title, "sentence": words}
    return sheets


def _sentence(found: Entitlement, lacking: str, *, is_exceptional: bool) -> str:
    """Return whether the rank may be applied for as the file stands, and what to do where it may not."""
    barring = found.barring(is_exceptional=is_exceptional)
    if barring:
        words = _("不符合的：%(what)s，这一档现在提交不了。", what="、".join(_(one.title) for one in barring))
        return words if is_exceptional or not found.may_be_excepted else f"{words}{_(EXCEPTION)}"
    if is_exceptional and found.rank in found.reach.allowed:
        return _("按条件够得上这一档，不用破格：请去掉“破格申报”再提交。")
    if is_exceptional and found.rank not in found.reach.exceptional:
        return _("按规则不能破格。")
    if not found.is_next and not is_exceptional:
        words = _("每次晋升一级，这次只能申报上一档。")
        return f"{words}{_(EXCEPTION)}" if found.may_be_excepted else words
    if lacking:
        return _("档案里还证明不了：%(what)s。附上证明材料也可以申报，由核对的人对照原件。", what=lacking)
    return _("按核实过的登记，条件都符合。")
