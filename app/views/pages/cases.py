"""A case for those who see it without a task: its file, its diagram, its versions."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from app.db.processes import ProcessInstance
from app.domain.vocabulary import InstanceStatus, WorkItemStatus
from app.engine.forms import Form
from app.services import candidates, incidents, participations
from app.services.acts import interventions, withdrawals
from app.services.attention import reminders
from app.services.documents import letters
from app.services.documents import voucher as documents
from app.services.filling import submission_versions
from app.services.reading import cases
from app.services.reading.cases import CaseView
from app.views import papers
from app.views.database import get_session
from app.views.files import file_links
from app.views.presenters import diagrams
from app.views.presenters.acts import case_state
from app.views.presenters.case_page import case_line, copy_rows, file_of
from app.views.presenters.changes import differences
from app.views.presenters.decisions import decision_sheets
from app.views.presenters.sheets import form_title
from app.views.presenters.strip import strip
from app.views.presenters.values import Reader
from app.views.session import current_actor

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/<int:instance_id>")
def show(instance_id: int) -> str:
    """Show a case with all that the person may do to it."""
    return case_page(instance_id)


def case_page(instance_id: int, comment: str = "", errors: list[str] | None = None) -> str:
    """Draw a case; a remark that was refused keeps its words."""
    session, actor = get_session(), current_actor()
    cases.mark_read(session, actor, instance_id)
    view = cases.case_view(session, actor, instance_id)
    administers = interventions.administers(actor, view.case.organization)
    asked = [item for item in (*view.open_items, *view.opinions) if item.status == WorkItemStatus.OPEN]
    own = [*view.own_places, *(item for item in asked if candidates.capacity(session, actor, item))]
    return render_template(
        "cases/show.html",
        case=view.case,
        process=view.process,
        line=case_line(session, actor, view),
        state=case_state(view.case, view.process),
        own_tasks=own if view.case.status == InstanceStatus.RUNNING else [],
        acts=_acts(view),
        incidents=incidents.open_incidents(session, instance_id) if administers else [],
        # They name values that forms may hide from others.
        decisions=decision_sheets(session, view) if administers else [],
        voucher_url=_voucher_url(view),
        letter_url=_letter_url(view),
        copies=copy_rows(participations.copies(session, instance_id)),
        reminded=reminders.times(session, instance_id),
        comment=comment,
        comment_errors=errors or [],
        file=file_of(session, actor, view),
    )


@blueprint.get("/cases/<int:instance_id>/diagram")
def diagram(instance_id: int) -> str:
    """Show the diagram lit where the case stands, and the same as a list."""
    session, actor = get_session(), current_actor()
    view = cases.case_view(session, actor, instance_id)
    calls = diagrams.calls_at(view, request.args.get("call", ""))
    return render_template(
        "cases/diagram.html",
        case=view.case,
        title=diagrams.title(view, calls),
        drawn=diagrams.drawn(session, view, calls),
        others=diagrams.others(view, calls),
        steps=strip(session, actor, view),
    )


@blueprint.get("/cases/<int:instance_id>/changes/<int:submission_id>")
def changes(instance_id: int, submission_id: int) -> str:
    """Show what a version changed, field by field."""
    session, actor = get_session(), current_actor()
    view = cases.case_view(session, actor, instance_id)
    change = submission_versions.change(session, view, submission_id)
    form = view.process.form_of(change.element) or Form("", ())
    both = [view.shown(change.element, one.values) for one in (change.before, change.after)]
    files = [one for values in both for one in form.attachments_in(values)]
    return render_template(
        "cases/changes.html",
        case=view.case,
        title=form_title(view, change.element),
        change=change,
        rows=differences(form, Reader(session, file_links(session, actor, files)), *both),
    )


@blueprint.get("/cases/<int:instance_id>/voucher.pdf")
def voucher(instance_id: int) -> Response:
    """Answer the voucher of a booked case."""
    return papers.voucher_of(get_session(), current_actor(), instance_id)


@blueprint.get("/cases/<int:instance_id>/letter.pdf")
def letter(instance_id: int) -> Response:
    """Answer the letter of appointment that an application came to."""
    return papers.letter_of(get_session(), current_actor(), instance_id)


@blueprint.get("/cases/<int:instance_id>/print.pdf")
def approval_sheet(instance_id: int) -> Response:
    """Answer the approval sheet of a case."""
    return papers.approval_sheet(get_session(), current_actor(), instance_id)


def _voucher_url(view: CaseView) -> str | None:
    has_one = documents.is_booked(get_session(), view.case.id)
    return url_for("cases.voucher", instance_id=view.case.id) if has_one else None


def _letter_url(view: CaseView) -> str | None:
    has_one = letters.letter_of(get_session(), current_actor(), view.case.id) is not None
    return url_for("cases.letter", instance_id=view.case.id) if has_one else None


def _acts(view: CaseView) -> dict[str, str]:
    """Return what the person may do to the case: words by address."""
    session, actor, case = get_session(), current_actor(), view.case
    found = {url_for("case_acts.copy", instance_id=case.id): _("抄送")}
    is_running = case.status == InstanceStatus.RUNNING
    is_answered = any(standing.count.answered for standing in view.asked)
    may_withdraw = withdrawals.may_withdraw(session, actor, case, view.process, is_answered=is_answered)
    if is_running and case.initiator_id == actor.person_id and may_withdraw:
        found[url_for("case_acts.ask", instance_id=case.id, act="withdraw")] = _("撤回")
    administers = interventions.administers(actor, case.organization)
    may_remind = is_running and (administers or case.initiator_id == actor.person_id)
    if may_remind and reminders.has_anyone(session, case.id):
        found[url_for("case_acts.ask", instance_id=case.id, act="remind")] = _("催办")
    if administers and case.ended_at is None:
        found |= {
            url_for("case_acts.ask", instance_id=case.id, act=act): words for act, words in _managing(case).items()
        }
    return found


def _managing(case: ProcessInstance) -> dict[str, str]:
    by_status = {
        InstanceStatus.RUNNING: {"suspend": _("暂停"), "cancel": _("中止")},
        InstanceStatus.SUSPENDED: {"resume": _("恢复办理"), "cancel": _("中止")},
        InstanceStatus.FAILED: {"retry": _("重试"), "cancel": _("中止")},
    }
    return by_status.get(InstanceStatus(case.status), {})
