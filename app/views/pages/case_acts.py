"""What people do to a case beside its tasks, each on a page that says what happens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound
from app.domain.text import N_
from app.services.acts import colleagues, interventions
from app.services.attention import reminders
from app.services.reading import cases
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.numbers import whole
from app.views.presenters.case_page import case_line
from app.views.session import current_actor

blueprint = Blueprint("case_acts", __name__)
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True)
class Act:
    """An act with its words; `reason` is how its field is called, none where no reason is asked."""

    title: str
    sentence: str
    done: str
    icon: str
    do: Callable[..., Any]
    reason: str | None = None
    is_required: bool = True


ACTS = {
    "withdraw": Act(
        N_("撤回"),
        N_("撤回后这件事就结束了，占用的预算退还；要再办，请重新发起。"),
        N_("已撤回。"),
        "back",
        interventions.withdraw,
        N_("撤回的原因"),
        is_required=False,
    ),
    "cancel": Act(
        N_("中止"),
        N_("中止后任何人都不能再办这件事，占用的预算退还，不能恢复。"),
        N_("已中止。"),
        "stop",
        interventions.cancel,
        N_("中止的理由"),
    ),
    "suspend": Act(
        N_("暂停"),
        N_("暂停期间谁也不能办理，期限照常计算；可以随时恢复。"),
        N_("已暂停。"),
        "stop",
        interventions.suspend,
        N_("暂停的理由"),
    ),
    "remind": Act(
        N_("催办"),
        N_("给还没有办的人各发一条提醒，一天一次。"),
        N_("已提醒还没有办的人。"),
        "horn",
        interventions.remind,
    ),
    "resume": Act(N_("恢复办理"), N_("恢复后从停下的地方接着办。"), N_("已恢复办理。"), "play", interventions.resume),
    "retry": Act(
        N_("重试"), N_("把出错的自动步骤再办一次，已经填的内容都在。"), N_("已重试。"), "play", interventions.retry
    ),
}


@blueprint.get("/cases/<int:instance_id>/acts/<act>")
def ask(instance_id: int, act: str) -> str:
    """Say what the act does and ask for the reason."""
    return _ask_page(instance_id, act, {})


@blueprint.post("/cases/<int:instance_id>/acts/<act>")
def do(instance_id: int, act: str) -> Answer:
    """Withdraw, cancel, suspend, resume or retry."""
    asked = _act(act)
    reason = (request.form.get("comment", ""),) if asked.reason else ()
    try:
        asked.do(get_session(), current_actor(), instance_id, *reason)
    except Invalid as error:
        return _ask_page(instance_id, act, said_errors(error)), status_of(error)
    flash(_(asked.done))
    return redirect(url_for("cases.show", instance_id=instance_id))


@blueprint.get("/cases/<int:instance_id>/copy")
def copy(instance_id: int) -> str:
    """Find colleagues to send a copy to."""
    return _copy_page(instance_id, {})


@blueprint.post("/cases/<int:instance_id>/copy")
def send_copy(instance_id: int) -> Answer:
    """Send the copy, or search again with the chosen ones kept."""
    if "_search" in request.form:
        return _copy_page(instance_id, {})
    people = request.form.getlist("people", type=whole)
    try:
        interventions.copy(get_session(), current_actor(), instance_id, people)
    except Invalid as error:
        return _copy_page(instance_id, said_errors(error)), status_of(error)
    flash(_("已抄送给 %(count)d 人。", count=len(people)))
    return redirect(url_for("cases.show", instance_id=instance_id))


def _ask_page(instance_id: int, act: str, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    view = cases.case_view(session, actor, instance_id)
    is_reminder = act == "remind"
    return render_template(
        "cases/act.html",
        case=view.case,
        reached=reminders.names_reached(session, instance_id) if is_reminder else [],
        times=reminders.times(session, instance_id) if is_reminder else 0,
        line=case_line(session, actor, view),
        act=_act(act),
        comment=request.form.get("comment", ""),
        errors=[words for found in errors.values() for words in found],
        url=url_for("case_acts.do", instance_id=instance_id, act=act),
    )


def _copy_page(instance_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    view = cases.case_view(session, actor, instance_id)
    chosen = tuple(request.values.getlist("people", type=whole))
    text = request.values.get("q", "")
    return render_template(
        "cases/copy.html",
        case=view.case,
        people=[one for one in colleagues.colleagues(session, view.case, text, chosen) if one.id != actor.person_id],
        chosen=chosen,
        most=colleagues.MOST,
        q=text,
        errors=[words for found in errors.values() for words in found],
    )


def _act(name: str) -> Act:
    if name not in ACTS:
        raise NotFound
    return ACTS[name]
