"""The versions of processes that an administrator or a head answers for, and what may be done with them."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from app.db.processes import ProcessVersion
from app.domain.errors import Forbidden, Invalid, Throttled
from app.domain.identity import Actor
from app.domain.policy import Action, may_anywhere
from app.domain.text import N_
from app.engine.handover.uploads import MAX_UPLOAD
from app.engine.problems import Problem
from app.services.accounts.organizations import organizations_for
from app.services.publishing import publications, version_lists
from app.services.publishing.judgements import Unfit
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("versions", __name__, url_prefix="/versions")
Answer = WerkzeugResponse | tuple[str, int]


@dataclass(frozen=True)
class Act:
    """An act that is confirmed on a page of its own: its words, what must hold, and how it is done."""

    name: str
    title: str
    sentence: str
    button: str
    refusal: str
    done: str
    find: Callable[[Session, Actor, str, int], ProcessVersion]
    do: Callable[[Session, Actor, str, int], ProcessVersion]


APPROVE = Act(
    "approve",
    N_("批准这一版"),
    N_(
        "批准后马上发布：这个单位和下属单位从现在起发起的事用这一版，办理中的照旧办完。发布过的版本不能再改，只能停用。"
    ),
    N_("批准并发布"),
    N_("先不批准"),
    N_("已批准，现在用“%(title)s”第 %(number)d 版。"),
    publications.approvable,
    publications.approve,
)
RETIRE = Act(
    "retire",
    N_("停用这一版"),
    N_(
        "停用后不能再用这一版发起，也不能恢复；办理中的照旧办完。以后用本单位上一个还没停用的版本，没有就用上级的或者内置的。"
    ),
    N_("停用"),
    N_("先不停用"),
    N_("已停用“%(title)s”第 %(number)d 版。"),
    publications.retirable,
    publications.retire,
)


@blueprint.get("")
def index() -> str:
    """List the versions: those to be published first, then those that hold."""
    actor = current_actor()
    found = version_lists.versions_in_charge(get_session(), actor)
    return render_template(
        "versions/index.html",
        waiting=[each for each in found if each.is_waiting],
        kept=sorted((each for each in found if not each.is_waiting), key=lambda each: not each.is_in_force),
        may_change=may_anywhere(actor, Action.CHANGE_PROCESSES),
        is_admin=may_anywhere(actor, Action.MANAGE_STUDIOS),
    )


@blueprint.get("/new")
def new() -> str:
    """Show the form that takes a diagram or a package."""
    return _upload_page()


@blueprint.post("/new")
def hand_over() -> Answer:
    """Keep a file that passed every check as a draft, or show what must be mended."""
    upload, place = request.files.get("file"), request.form.get("organization", 0, type=whole)
    if upload is None or not upload.filename:
        return _upload_page([_("请选一个 .bpmn 或者 .zip 文件。")]), 422
    content = upload.read(MAX_UPLOAD + 1)
    try:
        kept = publications.draft(get_session(), current_actor(), place, upload.filename, content)
    except Unfit as error:
        return _upload_page(problems=error.problems), status_of(error)
    except Throttled as error:
        return _upload_page([said(error.sentence)]), status_of(error)
    words = {"title": kept.title, "number": kept.number}
    flash(_("“%(title)s”第 %(number)d 版通过了检查，现在是草稿。请提交，由另一个人批准。", **words))
    return redirect(url_for("versions.index"))


@blueprint.post("/<key>/<int:number>/submit")
def submit(key: str, number: int) -> WerkzeugResponse:
    """Submit a draft."""
    version = publications.submit(get_session(), current_actor(), key, number)
    words = {"title": version.title, "number": version.number}
    flash(_("已提交“%(title)s”第 %(number)d 版，可以批准的人会收到通知。", **words))
    return redirect(url_for("versions.index"))


@blueprint.get("/<key>/<int:number>/approve")
def ask_to_approve(key: str, number: int) -> str:
    """Show what approving does."""
    return _confirm_page(APPROVE, key, number)


@blueprint.post("/<key>/<int:number>/approve")
def approve(key: str, number: int) -> Answer:
    """Publish a submitted version."""
    return _done(APPROVE, key, number)


@blueprint.get("/<key>/<int:number>/return")
def ask_to_return(key: str, number: int) -> str:
    """Ask why a submitted version is sent back."""
    return _return_page(key, number)


@blueprint.post("/<key>/<int:number>/return")
def send_back(key: str, number: int) -> Answer:
    """Send a submitted version back to its drafter."""
    try:
        version = publications.send_back(get_session(), current_actor(), key, number, request.form.get("reason"))
    except Invalid as error:
        return _return_page(key, number, said_errors(error).get("reason", [])), status_of(error)
    flash(_("已退回“%(title)s”第 %(number)d 版，交它的人会收到通知。", title=version.title, number=version.number))
    return redirect(url_for("versions.index"))


@blueprint.get("/<key>/<int:number>/retire")
def ask_to_retire(key: str, number: int) -> str:
    """Show what retiring does."""
    return _confirm_page(RETIRE, key, number)


@blueprint.post("/<key>/<int:number>/retire")
def retire(key: str, number: int) -> Answer:
    """Retire a published version."""
    return _done(RETIRE, key, number)


@blueprint.get("/<key>/<int:number>/package")
def package(key: str, number: int) -> Response:
    """Send a version as a zip."""
    content = publications.package_archive(get_session(), current_actor(), key, number)
    attached = {"Content-Disposition": f'attachment; filename="{key}-{number}.zip"'}
    return Response(content, mimetype="application/zip", headers=attached)


def _done(act: Act, key: str, number: int) -> Answer:
    try:
        version = act.do(get_session(), current_actor(), key, number)
    except Unfit as error:
        return _confirm_page(act, key, number, error.problems), status_of(error)
    flash(_(act.done, title=version.title, number=version.number))
    return redirect(url_for("versions.index"))


def _confirm_page(act: Act, key: str, number: int, problems: tuple[Problem, ...] = ()) -> str:
    session = get_session()
    version = act.find(session, current_actor(), key, number)
    return render_template(
        "versions/confirm.html",
        act=act,
        version=version,
        names=version_lists.names_of(session, [version]),
        problems=problems,
    )


def _return_page(key: str, number: int, errors: list[str] | None = None) -> str:
    version = publications.returnable(get_session(), current_actor(), key, number)
    typed = request.form.get("reason", "")
    return render_template("versions/return.html", version=version, reason=typed, errors=errors or [])


def _upload_page(errors: list[str] | None = None, problems: tuple[Problem, ...] = ()) -> str:
    own = organizations_for(get_session(), current_actor(), Action.CHANGE_PROCESSES)
    if not own:
        raise Forbidden
    return render_template(
        "versions/new.html",
        organizations=[(str(found.id), found.name) for found in own],
        chosen=request.form.get("organization", ""),
        errors=errors or [],
        problems=problems,
        most_mb=MAX_UPLOAD // 1_000_000,
    )
