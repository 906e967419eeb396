"""What people do with a task beside answering it: the page 更多, and a page for each act."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.text import N_
from app.services.acts import claims, consultations, item_offers, receivers, transfers
from app.services.acts.consultations import When
from app.services.acts.item_acts import Asked
from app.services.acts.item_offers import Hand
from app.services.reading import cases
from app.services.reading.cases import TaskView
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.pages.tasks import task_page
from app.views.presenters import hands
from app.views.presenters.case_page import case_line
from app.views.session import current_actor

blueprint = Blueprint("task_acts", __name__)
Answer = Response | str | tuple[str, int]
Errors = Mapping[str, list[str]]


def _reason() -> str:
    return request.form.get("reason", "")


def _people(field: str) -> list[int]:
    return [one for one in request.values.getlist(field, type=whole) if one > 0]


def _one() -> int:
    chosen = _people("to")
    if not chosen:
        raise Invalid.field("to", N_("请选一位同事。"))
    return chosen[0]


def _when() -> When:
    text = request.form.get("when", "")
    if text not in set(When):
        raise Invalid.field("when", N_("请选先请他们还是办完再请。"))
    return When(text)


DOES: Mapping[Hand, Callable[[Session, Asked], Any]] = {
    Hand.CLAIM: claims.claim,
    Hand.RELEASE: lambda session, asked: claims.release(session, asked, _reason()),
    Hand.TRANSFER: lambda session, asked: transfers.transfer(session, asked, _one(), _reason()),
    Hand.DELEGATE: lambda session, asked: consultations.delegate(session, asked, _one(), _reason()),
    Hand.ADD_SIGNER: lambda session, asked: consultations.add_signers(
        session, asked, _people("people"), _when(), _reason()
    ),
    Hand.RECALL: lambda session, asked: consultations.recall(session, asked, _reason()),
}
DONE = {
    Hand.CLAIM: N_("已认领，别人的待办里不再有这件。"),
    Hand.RELEASE: N_("已放回待认领。"),
    Hand.TRANSFER: N_("已转办，对方的待办里写着是您转的和为什么。"),
    Hand.DELEGATE: N_("已请同事出意见，回来以后还由您办；在“已办”里能找到，没回来可以收回。"),
    Hand.ADD_SIGNER: N_("已加签。"),
    Hand.RECALL: N_("已收回。"),
}
# After these there is more to do with the task.
STAYS = frozenset({Hand.CLAIM, Hand.RECALL})


@blueprint.get("/tasks/<int:item_id>/more")
def more(item_id: int) -> str:
    """Offer what can be done with a task beside answering it."""
    session, actor = get_session(), current_actor()
    found = cases.task_view(session, actor, item_id)
    why = item_offers.refusal(found)
    return render_template(
        "tasks/more.html",
        item=found.item,
        case=found.view.case,
        line=case_line(session, actor, found.view),
        links=hands.links(session, actor, found),
        refusal=_(why) if why else "",
        may_return=found.is_open and found.may_return,
    )


@blueprint.get("/tasks/<int:item_id>/more/<hand>")
def ask(item_id: int, hand: str) -> Answer:
    """Say what an act does, and ask for whom and why; where it is not offered any more, show the task."""
    session, actor = get_session(), current_actor()
    found, asked = cases.task_view(session, actor, item_id), _known(hand)
    if asked in item_offers.offered(session, actor, found):
        return _page(item_id, asked, {})
    if (why := item_offers.refusal(found)) is not None:
        raise Forbidden(why)
    return redirect(url_for("tasks.show", item_id=item_id))


@blueprint.post("/tasks/<int:item_id>/more/<hand>")
def do(item_id: int, hand: str) -> Answer:
    """Do it, or search for a colleague with what was typed kept."""
    act = _known(hand)
    if "_search" in request.form:
        return _page(item_id, act, {})
    session, actor = get_session(), current_actor()
    revision = request.form.get("revision", type=whole)
    try:
        DOES[act](session, Asked(actor, item_id, revision))
    except Invalid as error:
        return _page(item_id, act, said_errors(error)), status_of(error)
    except Conflict as error:
        return _met(item_id, act, error)
    flash(_(DONE[act]))
    is_next = act in STAYS or (act == Hand.ADD_SIGNER and request.form.get("when") == When.AFTER)
    return redirect(url_for("tasks.show", item_id=item_id) if is_next else url_for("inbox.show"))


def _met(item_id: int, hand: Hand, error: Conflict) -> Answer:
    """Show the task as it is now; who claimed twice has it."""
    session, actor = get_session(), current_actor()
    found = cases.task_view(session, actor, item_id)
    if hand == Hand.CLAIM and found.item.assignee_id == actor.person_id:
        return redirect(url_for("tasks.show", item_id=item_id))
    return task_page(item_id, said(error.sentence)), status_of(error)


def _known(act: str) -> Hand:
    if act not in set(Hand):
        raise NotFound
    return Hand(act)


def _page(item_id: int, hand: Hand, errors: Errors) -> str:
    session, actor = get_session(), current_actor()
    found = cases.task_view(session, actor, item_id)
    words = hands.WORDS[hand]
    chosen = _people(words.people) if words.people else []
    text = request.values.get("q", "")
    return render_template(
        "tasks/act.html",
        item=found.item,
        case=found.view.case,
        line=case_line(session, actor, found.view),
        hand=str(hand),
        words=words,
        is_required=words.is_required or (words.people is None and found.capacity is None),
        people=receivers.listed(session, found.item, text, chosen, _left_out(found, hand)) if words.people else [],
        chosen=chosen,
        most=receivers.MOST_LISTED,
        q=text,
        whens=[(str(key), _(label)) for key, label in hands.WHENS.items()] if hand == Hand.ADD_SIGNER else [],
        when=request.form.get("when", str(When.BEFORE)),
        reason=request.form.get("reason", ""),
        errors=errors,
    )


def _left_out(found: TaskView, hand: Hand) -> list[int]:
    """Return who is not offered: who has the task, and where an opinion is asked, who asks."""
    actor = current_actor()
    asks_opinion = hand in {Hand.DELEGATE, Hand.ADD_SIGNER}
    return [one for one in (found.item.assignee_id, actor.person_id if asks_opinion else None) if one is not None]
