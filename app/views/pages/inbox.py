"""The inbox: to do, done, initiated, copied."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from app.db.queries.todo import MOST_COUNTED
from app.domain import clock
from app.domain.policy import Action, may_anywhere
from app.services.attention import unheld_lists
from app.services.pages import Page
from app.services.publishing import versions
from app.services.reading import inbox, readings
from app.services.reading.inbox import Box, Due, Query
from app.views.database import get_session
from app.views.numbers import whole
from app.views.presenters import inbox as rows
from app.views.session import current_actor
from app.views.words import instant

blueprint = Blueprint("inbox", __name__)
LISTS: dict[Box, Callable[..., Page[Any]]] = {
    Box.TODO: inbox.todo,
    Box.DONE: inbox.done,
    Box.INITIATED: inbox.initiated,
    Box.COPIED: inbox.copied,
}


@blueprint.get("/")
def home() -> str:
    """Show what there is to do."""
    return show()


@blueprint.get("/inbox")
def show() -> str:
    """Show one of the four lists."""
    session, actor = get_session(), current_actor()
    box = _one_of(Box, request.args.get("box")) or Box.TODO
    query = _query(box)
    counts = inbox.counts(session, actor)
    box_counts = inbox.box_counts(session, actor)
    found = LISTS[box](session, actor, query)
    return render_template(
        "inbox/show.html",
        box=box.value,
        title=_(rows.BOXES[box]),
        query=query,
        is_filtered=bool(query.text or query.process or query.due or query.principal_id is not None),
        tabs=rows.tabs(box, {Box.TODO: sum(counts.values()), **box_counts}),
        chips=rows.chips(counts, query.due, _kept()) if box == Box.TODO else [],
        processes=[
            ("", _("全部事项")),
            *versions.titles_in_sight(session, actor).items(),
        ],
        whom=rows.whose_choices(actor, query.principal_id) if box == Box.TODO else [],
        groups=_groups(box, found, counts, query),
        initiated=box_counts[Box.INITIATED],
        unheld=unheld_lists.count(session, actor) if box == Box.TODO else 0,
        manages_studios=may_anywhere(actor, Action.MANAGE_STUDIOS),
        pages=_pages(found, _total(counts) if box == Box.TODO and not request.args else None),
        updated=_("更新于 %(at)s", at=instant(clock.now())),
    )


def _total(counts: dict[Due, int]) -> int | None:
    """Return how much there is to do, or None where it was not counted to the end."""
    return None if max(counts.values()) >= MOST_COUNTED else sum(counts.values())


def _groups(box: Box, found: Page[Any], counts: dict[Due, int], query: Query) -> list[rows.Row]:
    actor = current_actor()
    if box == Box.TODO:
        groups = rows.groups(get_session(), actor, found.items, inbox.horizon())
        is_whole = not (query.text or query.process or query.principal_id is not None)
        return [group | {"count": counts[group["due"]] if is_whole else None} for group in groups]
    listed = _listed(box, found)
    return [{"title": _(rows.BOXES[box]), "rows": listed, "is_plain": True}] if listed else []


def _listed(box: Box, found: Page[Any]) -> list[rows.Row]:
    session, actor = get_session(), current_actor()
    if box == Box.DONE:
        return rows.done_rows(actor, found.items)
    if box == Box.COPIED:
        return rows.case_rows(
            actor, found.items, readings.unread_copies(session, actor, [one.id for one in found.items])
        )
    return rows.case_rows(actor, found.items)


def _query(box: Box) -> Query:
    return Query(
        process=request.args.get("process") or None,
        text=request.args.get("q") or None,
        due=_one_of(Due, request.args.get("due")) if box == Box.TODO else None,
        cursor=request.args.get("cursor") or None,
        principal_id=request.args.get("whom", type=whole) if box == Box.TODO else None,
    )


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("box", "process", "whom", "q") if request.args.get(name)}


def _pages(found: Page[Any], total: int | None) -> dict[str, Any]:
    """Return the pager's words: cursors know no page before, only the first."""
    before = max(request.args.get("before", 0, type=whole), 0)
    kept = _kept() | ({"due": request.args["due"]} if request.args.get("due") else {})
    is_first = not request.args.get("cursor")
    after = before + len(found.items)
    following = url_for("inbox.show", cursor=found.next, before=after, **kept) if found.next else None
    return {
        "first": before + 1,
        "last": after,
        "total": after if found.next is None else total,
        "start": None if is_first else url_for("inbox.show", **kept),
        "next": following,
    }


def _one_of(kind: Any, text: str | None) -> Any:
    return kind(text) if text in set(kind) else None
