"""An application for a rank as its start page, its case and its tasks show it: what the file reaches, each condition."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.dossiers.explanations import Condition, Explanation, Met
from app.services.rank_reviews.applications import application_of
from app.services.rank_reviews.conditions import conditions_of
from app.services.rank_reviews.entitlements import Entitlement, entitlement_of
from app.services.rank_reviews.reviews import APPLIES
from app.services.ranks.eligibility import eligibility_of, ladder_place_of
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
    state, words = _found(shown.found)
    reach = reach_sheet([shown.found])
    title = _("申报%(rank)s的条件", rank=_(RANK_TITLES[Rank(application.rank)]))
    return {"eligibility": {**sheet, "title": title, "state": state, "sentence": words, "reach": reach}}


def _found(found: Explanation) -> tuple[tuple[str, str, str | None], str]:
    """Return the state of the conditions and what is to be looked at; all is well only where every one is met."""
    missed = [one for one in found.missing if one.state is Met.NOT_MET]
    unproven = [one for one in found.missing if one.state is Met.NOT_PROVABLE]
    if not found.missing:
        return (_("条件都够"), "ok", None), _("按核实过的登记，条件都符合。")
    met = len(found.conditions) - len(found.missing)
    parts = [_("按核实过的登记，%(count)d 项符合", count=met)]
    if missed:
        parts.append(_("%(count)d 项不符合：%(what)s", count=len(missed), what=_titles(missed)))
    if unproven:
        words = _("%(count)d 项档案里证明不了，请看材料：%(what)s", count=len(unproven), what=_titles(unproven))
        parts.append(words)
    if missed:
        state: tuple[str, str, str | None] = _("%(count)d 项不符合", count=len(missed)), "warn", None
    else:
        state = _("%(count)d 项要看材料", count=len(unproven)), "", "info"
    return state, f"{'；'.join(parts)}。"


def _titles(found: Sequence[Condition]) -> str:
    return "、".join(_(one.title) for one in found)


def start_sheets(
    session: Session, actor: Actor, organization_id: int, rank: object, *, is_exceptional: bool
) -> dict[str, Any]:
    """Return the ranks within reach, and the conditions of the rank that is chosen, or of the one that counts."""
    found = eligibility_of(session, actor.person_id, organization_id, clock.today())
    sheets: dict[str, Any] = {"closed": "", "eligibility": None, "reach": reach_sheet([found]) if found else None}
    if found is None:
        is_top = ladder_place_of(session, actor.person_id, organization_id, clock.today()).is_top
        return {**sheets, "top": _("您已经是最高一档，不用再申报。") if is_top else ""}
    if found.reach is None:
        return sheets
    wanted = next((one for one in Rank if one == rank), None) or (found.reach.aim and Rank(found.reach.aim.rank))
    entitled = entitlement_of(session, actor.person_id, organization_id, wanted) if wanted else None
    if entitled is not None:
        sheet = conditions_sheet(actor, actor.person_id, organization_id, entitled.asked) or {}
        title = _("申报%(rank)s的条件", rank=_(RANK_TITLES[entitled.rank]))
        words = _sentence(entitled, sheet["lacking"], is_exceptional=is_exceptional)
        state, _known = _found(entitled.asked)
        sheets["eligibility"] = {**sheet, "title": title, "state": state, "sentence": words}
    return sheets


def _sentence(found: Entitlement, lacking: str, *, is_exceptional: bool) -> str:
    """Return whether the rank may be applied for as the file stands, and what to do where it may not."""
    barring = found.barring(is_exceptional=is_exceptional)
    if barring:
        words = _("不符合的：%(what)s，这一档现在提交不了。", what=_titles(barring))
        return words if is_exceptional or not found.may_be_excepted else f"{words}{_(EXCEPTION)}"
    if is_exceptional and found.rank in found.reach.allowed:
        return _("按条件够得上这一档，不用破格：请去掉“破格申报”再提交。")
    if is_exceptional and found.rank not in found.reach.exceptional:
        return _("按规则不能破格。")
    if not found.is_next and not is_exceptional:
        words = _("每次晋升一级，这次只能申报上一档。")
        return f"{words}{_(EXCEPTION)}" if found.may_be_excepted else words
    return _left_open(found.asked, lacking)


def _left_open(asked: Explanation, lacking: str) -> str:
    """Return what papers are to show, and what the panel looks at."""
    if lacking:
        return _("档案里还证明不了：%(what)s。附上证明材料也可以申报，由核对的人对照原件。", what=lacking)
    if asked.missing:
        return _("档案能证明的都符合；%(what)s由评审组看材料。", what=_titles(asked.missing))
    return _("按核实过的登记，条件都符合。")
