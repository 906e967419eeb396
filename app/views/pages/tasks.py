"""A task: what is asked, the case behind it, and doing it. Signing has a page of its own."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid, NotFound, ShenpiError, Stale, Throttled
from app.domain.identity import Actor
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.engine.forms.form import INCOMPLETE_VERDICTS
from app.engine.paths import beside, name_in
from app.services import completions
from app.services.acts import consultation_answers, item_offers
from app.services.completions import Completion, needs_reason
from app.services.filling import drafts, opinion_templates
from app.services.filling.drafts import DraftMoved
from app.services.notices import readings as notice_readings
from app.services.notices.drafts import RELEASING
from app.services.reading import cases, readings
from app.services.reading.cases import CaseView, TaskView
from app.services.telling import bygones
from app.views import draft_posts
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.form_posts import Post, read_post
from app.views.numbers import whole
from app.views.presenters import asks, checks, filing_tallies, hands, signing
from app.views.presenters import notices as notice_words
from app.views.presenters.acts import case_state, serial_words, verdict_words
from app.views.presenters.acts import said as said_verdict
from app.views.presenters.case_page import case_line, file_of, listed_names, notices_in
from app.views.presenters.clauses import clause_words, documented
from app.views.presenters.collectives import secrecy_words
from app.views.presenters.task_form import task_form
from app.views.session import current_actor

blueprint = Blueprint("tasks", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/<int:item_id>")
def show(item_id: int) -> Answer:
    """Show what is asked; a task that is done says who did it, also to those who only were told of it."""
    session, actor = get_session(), current_actor()
    try:
        found = _task(item_id)
    except NotFound:
        return _gone_page(item_id)
    if found.standing is not None and found.standing.is_secret:
        return redirect(url_for("ballots.show", ballot_id=found.standing.task.id))
    if found.scoring is not None:
        return redirect(url_for("panels.ask", item_id=item_id))
    readings.mark(session, actor, found)
    cases.mark_read(session, actor, found.view.case.id)
    return _page(_task(item_id), Post())


@blueprint.post("/tasks/<int:item_id>")
def submit(item_id: int) -> Answer:
    """Do the task, keep a draft, or draw the page again."""
    session, actor = get_session(), current_actor()
    found = _task(item_id)
    post = read_post(session, actor, found.form, found.task.id)
    if post.is_redraw:
        return _page(_task(item_id), post)
    try:
        if answer := _kept(found, post):
            return answer
    except DraftMoved as error:
        return _page(_task(item_id), post, said(error.sentence), seen=error.revision), status_of(error)
    if post.errors:
        return _page(_task(item_id), post), status_of(Invalid({}))
    if request.form.get("verdict") == Verdict.SIGN and found.task.signature and found.is_open:
        return _sign_page(found, post)
    return _complete(found, post)


@blueprint.get("/tasks/<int:item_id>/sign")
def sign(item_id: int) -> Answer:
    """Show what is signed and ask for the password."""
    found = _task(item_id)
    if found.signature is None or not found.is_open:
        return redirect(url_for("tasks.show", item_id=item_id))
    return _sign_page(found, Post())


@blueprint.post("/tasks/<int:item_id>/sign")
def confirm(item_id: int) -> Answer:
    """Sign what was shown."""
    found = _task(item_id)
    post = read_post(get_session(), current_actor(), found.form, found.task.id)
    try:
        return _complete(found, post)
    except Throttled as error:
        return _sign_page(_task(item_id), post, {"password": [said(error.sentence)]}), status_of(error)


def _gone_page(item_id: int) -> str:
    """Show what became of a task that a person was told of and may not see any more. Raises NotFound for others."""
    gone = bygones.bygone(get_session(), current_actor(), item_id)
    return render_template("tasks/gone.html", title=gone.title, sentence=said(gone.sentence))


def _kept(found: TaskView, post: Post) -> Response | None:
    """Keep or throw away a draft, where that is asked; the page that asks for a reason shows no form."""
    if post.is_autosave and not found.is_open:
        return draft_posts.refused(Stale())
    item_id, has_form = found.item.id, found.form is not None and "asked" not in request.form
    return draft_posts.handled(
        post,
        drafts.task_subject(item_id),
        url_for("tasks.show", item_id=item_id),
        kept=_("已存草稿，下次打开时接着填。"),
        has_form=has_form,
    )


def _complete(found: TaskView, post: Post) -> Answer:
    item_id, name, case_id = found.item.id, found.item.element_name, found.view.case.id
    asked = _asked(post)
    session, actor = get_session(), current_actor()
    try:
        completions.complete(session, actor, item_id, asked)
    except Invalid as error:
        wrong = said_errors(error)
        if _is_first_asking(found, asked.verdict, wrong):
            return _reason_page(_task(item_id), asked.verdict, [])
        return _wrong(_task(item_id), post, asked.verdict, wrong), status_of(error)
    except Conflict as error:
        return _moved(_task(item_id), post, actor, error)
    flash(_sent(found, cases.case_view(session, actor, case_id), asked.verdict, name))
    return redirect(url_for("inbox.show"))


def _sent(found: TaskView, view: CaseView, verdict: str, name: str) -> str:
    if found.is_opinion and found.item.handed_by is not None:
        return _("已把意见告诉%(name)s。", name=found.item.handed_by.name)
    return asks.sent_on(get_session(), view, verdict, name)


def _asked(post: Post) -> Completion:
    typed = request.form
    verdict = typed.get("verdict", "")
    return Completion(
        revision=typed.get("revision", 0, type=whole),
        verdict=verdict,
        # Who returns or refuses need not fill in the form: what was typed so far stays out of it.
        values={} if verdict in INCOMPLETE_VERDICTS else post.values,
        comment=typed.get("comment"),
        password=typed.get("password"),
        content_hash=typed.get("content_hash"),
    )


def _typed_words(found: TaskView) -> str:
    """Return the opinion as typed just now, or kept in a draft."""
    kept = found.draft.comment if found.draft else None
    return request.form.get("comment", kept or "")


def _opinions(found: TaskView, verdicts: Collection[str]) -> list[str]:
    if found.task.is_initiator and not found.is_opinion:
        # What the initiator is asked is no opinion on somebody else's case.
        return []
    is_of_money = found.view.case.amount is not None
    told = opinion_templates.choices(get_session(), current_actor(), verdicts, is_of_money=is_of_money)
    return [str(_(one)) for one in told]


def _needs_words(found: TaskView) -> frozenset[str]:
    """Return the verdicts, or opinions, that say why."""
    return consultation_answers.NEEDS_WORDS if found.is_opinion else needs_reason(found.task)


def _is_first_asking(found: TaskView, verdict: str, errors: dict[str, list[str]]) -> bool:
    """Tell whether nothing but the reason is missing, which the person has not been asked for yet."""
    is_missing = set(errors) == {"comment"} and not _typed_comment()
    return is_missing and verdict in _needs_words(found) and "asked" not in request.form


def _typed_comment() -> str:
    return request.form.get("comment", "").strip()


def _wrong(found: TaskView, post: Post, verdict: str, errors: dict[str, list[str]]) -> str:
    """Show what was wrong where it can be mended: the password, the reason, or the form."""
    if "comment" in errors and verdict in _needs_words(found):
        return _reason_page(found, verdict, errors["comment"])
    if "password" in errors or "content_hash" in errors:
        return _sign_page(found, post, errors)
    return _page(found, Post(post.values, errors, post.texts))


def _moved(found: TaskView, post: Post, actor: Actor, error: ShenpiError) -> Answer:
    """Show the latest with what was typed; who clicked twice sees what the first click did."""
    is_own = found.item.status == WorkItemStatus.DONE and found.item.closed_by_id == actor.person_id
    if is_own and isinstance(error, Stale):
        return redirect(url_for("tasks.show", item_id=found.item.id))
    return _page(found, post, said(error.sentence)), status_of(error)


def task_page(item_id: int, moved: str) -> str:
    """Draw a task as it is now, with why something was not done."""
    return _page(_task(item_id), Post(), moved)


def _task(item_id: int) -> TaskView:
    return cases.task_view(get_session(), current_actor(), item_id)


def _page(found: TaskView, post: Post, moved: str = "", *, seen: int | None = None) -> str:
    session, actor = get_session(), current_actor()
    item, view = found.item, found.view
    is_filling = found.is_open and found.form is not None
    asked = asks.ask(session, actor, found) if found.is_open else None
    return render_template(
        "tasks/show.html",
        item=item,
        case=view.case,
        line=case_line(session, actor, view),
        state=asked["state"] if asked else case_state(view.case, view.process),
        ask=asked,
        closed=None if asked else asks.closed(session, found),
        returned=asks.returned(session, view, item),
        refused=asks.refused(session, found) if asked else None,
        handed=hands.handed(item) if found.is_open else None,
        answers=hands.answers(session, item),
        has_more=found.is_open or bool(item_offers.offered(session, actor, found)),
        moved=moved,
        typed_comment=_typed_words(found),
        draft=draft_posts.about(found.draft, seen),
        opinions=_opinions(found, found.verdicts),
        fill=task_form(session, actor, found, post) if is_filling else None,
        found_so_far=checks.beside(view.values, item.element) if asked else [],
        paper=_paper(found) if asked else None,
        tally=filing_tallies.tally(session, actor, found) if asked else None,
        errors=post.errors,
        file=file_of(session, actor, view, _filled(found) if is_filling else None),
        url=url_for("tasks.show", item_id=item.id),
    )


def _paper(found: TaskView) -> dict[str, Any] | None:
    """Return the notice that a task publishes, as it would hang on the board from today."""
    drafted = notices_in(found.view.values) if name_in(found.item.element) == RELEASING else []
    if not drafted:
        return None
    return notice_words.draft_paper(notice_readings.notice(get_session(), current_actor(), drafted[-1]))


def _filled(found: TaskView) -> str:
    """Return the path of the element whose values the task's form shows."""
    return beside(found.item.element, found.task.edits or found.task.id)


def _sign_page(found: TaskView, post: Post, errors: dict[str, list[str]] | None = None) -> str:
    session, actor = get_session(), current_actor()
    return render_template(
        "tasks/sign.html",
        item=found.item,
        case=found.view.case,
        serial=serial_words(found.view.case.serial, found.view.case.organization_id, actor),
        signature=found.signature,
        capacity=found.capacity,
        actor=actor,
        facts=signing.facts(session, found),
        names=listed_names(found.view),
        version=asks.version_of(session, found),
        clause=next(iter(documented([clause_words(found.view.case.rules, found.task.clause)])), None),
        carried=_carried(post),
        errors=errors or {},
    )


def _carried(post: Post) -> list[tuple[str, Any]]:
    """Return what the next page posts along: the form's texts and the comment."""
    comment = request.form.get("comment", "")
    texts = [(name, text) for name, text in post.texts if name != "comment"]
    return [*texts, ("comment", comment)] if comment else texts


def _reason_page(found: TaskView, verdict: str, errors: list[str]) -> str:
    return render_template(
        "tasks/reason.html",
        item=found.item,
        case=found.view.case,
        verdict=verdict,
        word=verdict_words(found.item.element_name).get(verdict) or said_verdict(verdict),
        hint=_reason_hint(found, verdict),
        comment=_typed_words(found),
        draft=draft_posts.about(found.draft),
        opinions=_opinions(found, [verdict]),
        errors=errors,
    )


def _reason_hint(found: TaskView, verdict: str) -> str:
    if found.standing is not None:
        return secrecy_words(found.view, found.standing)
    if verdict != Verdict.RETURN:
        return _("写清楚为什么，对方看得到。")
    return _("写清楚哪里不对、要怎样改，对方看了就能办。")
