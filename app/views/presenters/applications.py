"""An application as its case and its tasks show it: the conditions, the papers, the own result."""

from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.rounds import Application, ApplicationMaterial, Round
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.text import N_
from app.services.dossiers.explanations import Explanation
from app.services.reading.cases import CaseView
from app.services.rounds.applications import application_of
from app.services.rounds.eligibility import eligibility_of, own_eligibility
from app.services.rounds.receipts import may_receive
from app.services.rounds.windows import why_closed
from app.views.errors import said
from app.views.presenters import explanations, file_page
from app.views.words import instant

# What the applicant and who may see the case read of the own result, and how it is marked.
RESULTS = {
    ApplicationResult.NOT_CHOSEN: (
        N_("这次没有入选。谢谢您的申报，申报表和材料都留着，下一批次可以接着用。"),
        "",
        None,
    ),
    ApplicationResult.STRUCK: (N_("不再列入这次的名单。有疑问请找受理的办公室。"), "", None),
    ApplicationResult.DECLINED: (N_("已谢绝聘任。"), "", None),
    ApplicationResult.APPOINTED: (N_("已聘任，聘书可以在这一页打印。"), "ok", None),
}


def application_sheets(session: Session, actor: Actor, view: CaseView) -> dict[str, Any] | None:
    """Return the conditions, the papers and the own result of the application that a case is, if it is one."""
    application = application_of(session, view.case.id)
    if application is None:
        return None
    found = eligibility_of(session, actor, application)
    return {
        "eligibility": conditions_sheet(actor, application.person_id, application.organization_id, found),
        "papers": [_paper(application, one) for one in application.materials if one.is_paper],
        "may_receive": may_receive(session, actor, application.person_id, view.open_items),
        "result": _result(application),
    }


def start_sheets(
    session: Session, actor: Actor, organization_id: int, found: Round | None, kind: object
) -> dict[str, Any]:
    """Return why a chosen round takes no application today, and the conditions for the chosen kind."""
    if found is None:
        return {"closed": "", "eligibility": None, "reach": None}
    chosen = ApplicationKind.MEMBER if kind == ApplicationKind.MEMBER else ApplicationKind.HOST
    closed = why_closed(found)
    asked = own_eligibility(session, found, chosen, actor.person_id, organization_id)
    sheet = conditions_sheet(actor, actor.person_id, organization_id, asked)
    return {
        "closed": said(closed) if closed else "",
        "eligibility": {**sheet, "sentence": _sentence(sheet["lacking"])} if sheet else None,
        "reach": None,
    }


def _sentence(lacking: str) -> str:
    if lacking:
        return _("档案里还证明不了：%(what)s。附上证明材料也可以申报，由受理的人核对。", what=lacking)
    return _("按核实过的登记，条件都符合。")


def conditions_sheet(
    actor: Actor, person_id: int, organization_id: int, found: Explanation | None, *, has_file: bool = True
) -> dict[str, Any] | None:
    """Return the sheet of a table of conditions; what lacks in the own file can be entered from it.

    Who may not open the file reads what proves a condition without a way to it.
    """
    if found is None:
        return None
    is_own = person_id == actor.person_id
    file_url = url_for("files.mine") if is_own else url_for("files.show", person_id=person_id) if has_file else ""
    enter = partial(file_page.enter_url, organization_id if is_own else None)
    return explanations.explained([found], file_url, enter)[0]


def _paper(application: Application, one: ApplicationMaterial) -> dict[str, Any]:
    received = one.received_by.name if one.received_by else ""
    return {
        "name": one.name,
        "receipt": one.receipt_number,
        "received": _("%(at)s，%(name)s", at=instant(one.received_at), name=received) if one.received_at else "",
        "url": url_for("materials.receive", instance_id=application.instance_id, material_id=one.id),
    }


def _result(application: Application) -> dict[str, Any] | None:
    """Return the own result once the case has come to its end; nothing before, nothing of others."""
    if application.result not in RESULTS or application.instance.ended_at is None:
        return None
    words, *mark = RESULTS[application.result]
    return {"words": _(words), "mark": mark}
