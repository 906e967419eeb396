"""Public notices: the list, the red-headed notice with its days and its proof, and the office's part in it."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as WerkzeugResponse

from app.db.notices import Notice
from app.domain.errors import Conflict, Invalid, TooLarge
from app.domain.notices import WORKING_DAYS, NoticeStatus
from app.services import settings, visibility
from app.services.files import attachments
from app.services.notices import changes, drafts, proofs, readings
from app.services.notices.drafts import Typed
from app.services.notices.fast_forward import to_end_of
from app.views import papers
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.presenters import notices as presented
from app.views.presenters import objections
from app.views.presenters.clauses import clause_words
from app.views.session import current_actor

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
Answer = WerkzeugResponse | str | tuple[str, int]
LINE = "line."


@blueprint.get("")
def index() -> str:
    """List the notices in the person's sight: what is up first."""
    session, actor, cursor = get_session(), current_actor(), request.args.get("cursor")
    up = [] if cursor else list(readings.notices(session, actor, status=NoticeStatus.POSTED, limit=100).items)
    drafted = [] if cursor else list(readings.notices(session, actor, status=NoticeStatus.DRAFTED, limit=100).items)
    ended = readings.notices(session, actor, status=NoticeStatus.ENDED, cursor=cursor)
    return render_template(
        "notices/index.html",
        up=presented.rows(up),
        drafted=presented.rows(drafted),
        ended=presented.rows(ended.items),
        next_url=url_for("notices.index", cursor=ended.next) if ended.next else None,
        is_first=cursor is None,
    )


@blueprint.get("/<int:notice_id>")
def show(notice_id: int) -> str:
    """Show a notice as it hangs on the board; a draft to those who see its case."""
    return _page(notice_id, {})


@blueprint.get("/<int:notice_id>/edit")
def edit(notice_id: int) -> Answer:
    """Show the draft to whoever prepares it."""
    notice = _notice(notice_id)
    if not drafts.may_write(get_session(), current_actor(), notice):
        return redirect(url_for("notices.show", notice_id=notice_id))
    return _edit_page(notice, _as_typed(notice), {})


@blueprint.post("/<int:notice_id>/edit")
def rewrite(notice_id: int) -> Answer:
    """Keep what was written into the draft."""
    typed, revision = _typed(), request.form.get("revision", 0, type=whole)
    try:
        drafts.rewrite(get_session(), current_actor(), notice_id, typed, revision)
    except Invalid as error:
        return _edit_page(_notice(notice_id), typed, said_errors(error)), status_of(error)
    except Conflict as error:
        return _edit_page(_notice(notice_id), typed, {}, said(error.sentence)), status_of(error)
    flash(_("稿子存好了，核对好就在待办里提交。"))
    return redirect(url_for("notices.show", notice_id=notice_id))


@blueprint.get("/<int:notice_id>/change")
def ask_change(notice_id: int) -> Answer:
    """Ask why a posted notice shall be changed."""
    notice = _notice(notice_id)
    if not changes.may_change(current_actor(), notice):
        return redirect(url_for("notices.show", notice_id=notice_id))
    return render_template("notices/change.html", notice=notice, reason="", errors={})


@blueprint.post("/<int:notice_id>/change")
def change(notice_id: int) -> Answer:
    """Give a posted notice back to be changed."""
    reason, revision = request.form.get("reason", ""), request.form.get("revision", 0, type=whole)
    try:
        changes.ask_for_change(get_session(), current_actor(), notice_id, reason, revision)
    except Invalid as error:
        page = render_template(
            "notices/change.html", notice=_notice(notice_id), reason=reason, errors=said_errors(error)
        )
        return page, status_of(error)
    except Conflict as error:
        flash(said(error.sentence), "warn")
    else:
        flash(_("已经退回拟稿：改稿的待办马上就到，改好由组长发布；公示照旧挂着。"))
    return redirect(url_for("notices.show", notice_id=notice_id))


@blueprint.post("/<int:notice_id>/proofs")
def prove(notice_id: int) -> Answer:
    """Keep a photograph of the board."""
    session, actor = get_session(), current_actor()
    try:
        proofs.add_proof(session, actor, notice_id, _uploaded(), request.form.get("board", ""))
    except Invalid as error:
        found = said_errors(error)
        return _page(notice_id, {"photograph": found.pop("attachment", found.pop("file", [])), **found}), status_of(
            error
        )
    except TooLarge as error:
        return _page(notice_id, {"photograph": [said(error.sentence)]}), status_of(error)
    flash(_("张贴证明已交。"))
    return redirect(url_for("notices.show", notice_id=notice_id))


@blueprint.post("/<int:notice_id>/fast-forward")
def fast_forward(notice_id: int) -> Answer:
    """Move the demo's clock to the end of a notice."""
    try:
        notice = to_end_of(get_session(), current_actor(), notice_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
    else:
        up = _("时间拨到了期满那一刻。有异议没有办结时，公示不结束。")
        flash(up if readings.is_running(notice) else _("时间拨到了期满那一刻，公示已经结束。"))
    return redirect(url_for("notices.show", notice_id=notice_id))


@blueprint.get("/<int:notice_id>/notice.pdf")
def paper(notice_id: int) -> Response:
    """Answer the notice on paper, to be posted."""
    return papers.notice_of(get_session(), current_actor(), notice_id)


@blueprint.get("/<int:notice_id>/certificate.pdf")
def certificate(notice_id: int) -> Response:
    """Answer the certificate of a notice that has ended."""
    return papers.certificate_of(get_session(), current_actor(), notice_id)


def _notice(notice_id: int) -> Notice:
    return readings.notice(get_session(), current_actor(), notice_id)


def _page(notice_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    notice = _notice(notice_id)
    is_draft = notice.status == NoticeStatus.DRAFTED
    is_writing = drafts.may_write(session, actor, notice)
    return render_template(
        "notices/show.html",
        notice=notice,
        paper=presented.paper(notice, is_draft=is_draft),
        state=presented.state(notice),
        period=None if is_draft else presented.period_sheet(notice),
        clause=clause_words(notice.instance.rules, WORKING_DAYS),
        task_id=drafts.task_of(session, actor, notice),
        is_writing=is_writing,
        is_changing=drafts.is_changing(notice),
        may_change=changes.may_change(actor, notice),
        may_prove=changes.keeps(actor, notice) and notice.status in {NoticeStatus.POSTED, NoticeStatus.ENDED},
        sees_case=visibility.may_see_id(session, actor, notice.instance_id),
        is_demo=readings.is_running(notice) and settings.is_demo(session),
        objecting=objections.invitation(actor, notice),
        board=request.form.get("board", ""),
        errors=errors,
    )


def _edit_page(notice: Notice, typed: Typed, errors: dict[str, list[str]], moved: str = "") -> str:
    content = drafts.drafted(notice)
    lines = [
        {"person": one.person_id, "name": one.name, "line": typed.lines.get(one.person_id, one.line)}
        for one in content.lines
    ]
    return render_template("notices/edit.html", notice=notice, typed=typed, lines=lines, errors=errors, moved=moved)


def _as_typed(notice: Notice) -> Typed:
    content = drafts.drafted(notice)
    return Typed(content.title, content.intro, content.signed_by, {one.person_id: one.line for one in content.lines})


def _typed() -> Typed:
    posted: dict[str, Any] = request.form.to_dict()
    lines = {
        int(name.removeprefix(LINE)): text
        for name, text in posted.items()
        if name.startswith(LINE) and name.removeprefix(LINE).isdecimal()
    }
    return Typed(posted.get("title", ""), posted.get("intro", ""), posted.get("signed_by", ""), lines)


def _uploaded() -> str:
    """Keep the photograph, and return its number; empty where there is none."""
    found = next((one for one in request.files.getlist("photograph") if one.filename), None)
    return _store(found) if found else ""


def _store(file: FileStorage) -> str:
    folder = current_app.extensions["shenpi_settings"].attachments_dir
    stream = cast("Any", file.stream)
    return attachments.store(get_session(), folder, current_actor(), file.filename or "", stream).id
