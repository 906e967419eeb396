"""Keeping and throwing away what was typed into a page's form, for a button and for a script that saves by itself."""

from typing import Any

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.work import Draft
from app.domain.errors import Conflict
from app.services.filling import drafts
from app.services.filling.drafts import DraftMoved, Typed
from app.views.database import get_session
from app.views.errors import said, status_of
from app.views.form_posts import Post
from app.views.numbers import whole
from app.views.session import current_actor
from app.views.words import clock_time, instant


def handled(post: Post, subject: str, url: str, *, kept: str, has_form: bool = True) -> Response | None:
    """Keep, save by itself or throw away; None where the form is to be handed in.

    `kept` is what is said after the button. Raises DraftMoved to the button.
    """
    session, actor = get_session(), current_actor()
    if post.is_discard:
        drafts.discard(session, actor, subject)
        flash(_("已丢弃草稿。"))
        return redirect(url)
    if not post.is_draft:
        return None
    typed = Typed(post.values if has_form else None, request.form.get("comment"), _seen())
    if post.is_autosave:
        return _autosaved(subject, typed)
    drafts.keep(session, actor, subject, typed)
    flash(kept)
    return redirect(url)


def refused(error: Conflict) -> Response:
    """Tell a script that nothing was saved, and why."""
    answer = jsonify({"said": said(error.sentence), "revision": getattr(error, "revision", None)})
    answer.status_code = status_of(error)
    return answer


def about(draft: Draft | None, seen: int | None = None) -> dict[str, Any]:
    """Return what a page says of a draft, and upon which revision of it one types.

    A page that is drawn again is typed upon the revision that it was first drawn with, unless another is `seen` now.
    """
    present, posted = draft.revision if draft else drafts.NONE_YET, _seen()
    upon = seen if seen is not None else posted if posted is not None else present
    # What is drawn again is what was typed just now.
    words = _("这是您 %(when)s 的草稿。", when=instant(draft.saved_at)) if draft and posted is None else ""
    return {"seen": upon, "words": words}


def _autosaved(subject: str, typed: Typed) -> Response:
    try:
        found = drafts.keep(get_session(), current_actor(), subject, typed)
    except DraftMoved as error:
        return refused(error)
    words = _("已自动保存 %(time)s", time=clock_time(found.saved_at))
    return jsonify({"said": words, "revision": found.revision})


def _seen() -> int | None:
    return request.form.get("draft_seen", type=whole)
