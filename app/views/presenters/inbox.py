"""The inbox's rows, groups, tabs and chips (LOOK §5)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.people import SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.queries.work_rows import WorkRow
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor, StandIn
from app.domain.money import yuan
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role, WorkItemKind, WorkItemStatus
from app.services import candidates
from app.services.accounts.actors import GENERAL
from app.services.attention import holders
from app.services.reading.inbox import OWN, Box, Due, Horizon
from app.views.presenters.acts import case_state, initiator_words, opinion_words, said, serial_words, verb
from app.views.words import due_kind, due_words, instant

GROUPS = {
    Due.LATE: N_("已超时"),
    Due.TODAY: N_("今天到期"),
    Due.SOON: N_("三个工作日内"),
    Due.LATER: N_("以后"),
}
CHIPS = {Due.LATE: N_("已超时"), Due.TODAY: N_("今天"), Due.SOON: N_("三个工作日内"), Due.LATER: N_("以后")}
BOXES = {Box.TODO: N_("待办"), Box.DONE: N_("已办"), Box.INITIATED: N_("我发起的"), Box.COPIED: N_("抄送我的")}

# What is asked of whom an opinion is asked.
ASKED_VERBS: dict[str, str] = {
    WorkItemKind.DELEGATED: N_("出意见"),
    WorkItemKind.ADDED_BEFORE: N_("会签"),
    WorkItemKind.ADDED_AFTER: N_("会签"),
}
Row = dict[str, Any]


def tabs(box: Box, counts: dict[Box, int]) -> list[Row]:
    """Return the four lists; what was done has no count."""
    return [
        {
            "url": url_for("inbox.show", box=None if one == Box.TODO else one.value),
            "label": _(words),
            "count": counts.get(one) or (0 if one == Box.TODO else None),
            "is_current": one == box,
        }
        for one, words in BOXES.items()
    ]


def chips(counts: dict[Due, int], due: Due | None, kept: dict[str, Any]) -> list[Row]:
    """Return the filters by deadline; those that would be empty are left out."""
    every = {"url": url_for("inbox.show", **kept), "label": _("全部"), "count": sum(counts.values())}
    found = [
        {
            "url": url_for("inbox.show", due=one.value, **kept),
            "label": _(words),
            "count": counts[one],
            "is_current": one == due,
        }
        for one, words in CHIPS.items()
        if counts[one] or one == due
    ]
    return [every | {"is_current": due is None}, *found]


def whose_choices(actor: Actor, chosen: int | None) -> list[Row]:
    """Return the choices of for whom tasks are done, as a select of the filter; none where one stands in for nobody."""
    if not actor.stand_ins:
        return []
    away = {one.principal_id: _("代%(name)s", name=one.name) for one in actor.stand_ins}
    options = [("", _("为谁办：全部")), (OWN, _("我本人")), *away.items()]
    return [{"name": "whom", "label": _("为谁办"), "value": "" if chosen is None else str(chosen), "options": options}]


def groups(session: Session, actor: Actor, items: Sequence[WorkRow], horizon: Horizon) -> list[Row]:
    """Return what there is to do, by nearness of the deadline."""
    whose = Whose(session, actor, items)
    rows: dict[Due, list[Row]] = {due: [] for due in GROUPS}
    for item in items:
        rows[horizon.due(item.due_at)].append(_todo_row(actor, item, whose))
    return [{"title": _(GROUPS[due]), "rows": found, "due": due} for due, found in rows.items() if found]


def done_rows(actor: Actor, items: Sequence[WorkRow]) -> list[Row]:
    """Return what the person did."""
    return [
        _item_row(actor, item)
        | {
            # On a roll the answer itself is no part of the row.
            "verb": _did(item),
            "whom": _("代%(name)s", name=item.closed_for_name) if item.closed_for_name else "",
            "whom_kind": "deputy",
            "due": instant(item.closed_at),
            "due_kind": "far",
        }
        for item in items
    ]


def _did(item: WorkRow) -> str:
    if item.status == WorkItemStatus.WAITING:
        return _("等意见")
    if item.kind in ASKED_VERBS:
        return opinion_words(item.verdict or "")
    return said(item.verdict, item.element_name) if item.verdict else _("已办理")


def case_rows(actor: Actor, cases: Sequence[ProcessInstance], unread: Collection[int] | None = None) -> list[Row]:
    """Return cases as rows: where each stands in place of a deadline; `unread` are those never opened."""
    return [
        {
            "href": url_for("cases.show", instance_id=case.id),
            "title": case.title,
            "line": _(
                "%(initiator)s · %(serial)s",
                initiator=initiator_words(case.initiator.name if case.initiator else None),
                serial=serial_words(case.serial, case.organization_id, actor),
            ),
            "facts": _facts(case.summary, case.amount),
            "state": case_state(case),
            "kind": case.version.title,
            "amount": yuan(case.amount) if case.amount is not None else None,
            "arrived": short_day(case.started_at),
            **({} if unread is None else {"is_unread": case.id in unread}),
        }
        for case in cases
    ]


class Whose:
    """For whom a person would do each task: for oneself, for a shared position, or as a deputy."""

    def __init__(self, session: Session, actor: Actor, items: Sequence[WorkItem | WorkRow]) -> None:
        self._actor = actor
        self._deputies = candidates.deputies_of(session, actor)
        self._shared = holders.shared(session, items)

    def words(self, item: WorkItem | WorkRow, away: StandIn | None = None) -> tuple[str, str]:
        """Return words and kind for one task, which may be that of somebody away."""
        if away is not None:
            return stand_in_words(away, item.role), "deputy"
        if item.assignee_id is not None or item.role is None:
            return _("我本人"), "me"
        if not self._holds(item):
            deputy = next((one for one in self._deputies if _is_for(one, item)), None)
            if deputy is not None:
                return _("代%(name)s", name=deputy.principal.name), "deputy"
            # Neither the position nor a deputy: the task is late and was put before a position above.
            return _("%(role)s · 超时升级", role=_(ROLE_TITLES[Role(item.role)])), "role"
        if item.id in self._shared:
            return _("%(role)s · 待认领", role=_(ROLE_TITLES[Role(item.role)])), "role"
        return _("我本人"), "me"

    def _holds(self, item: WorkItem | WorkRow) -> bool:
        return any(
            (held.organization_id, held.role) == (item.organization_id, item.role)
            and item.studio_id in {None, held.studio_id}
            for held in self._actor.holdings
        )


def handed_words(item: WorkRow) -> tuple[str, str] | None:
    """Return who gave a task to its person by hand, in words and as a kind."""
    if item.handed_by is None or item.away is not None:
        return None
    words = _("%(name)s转办") if item.kind not in ASKED_VERBS else _("%(name)s请您")
    return words % {"name": item.handed_by.name}, "role"


def stand_in_words(away: StandIn, role: str | None) -> str:
    """Write for whom one stands in, as in 代许文彬分管德育副校长."""
    held = [one.role for one in away.holdings]
    chief = role if role in held else min(held, key=lambda one: one in GENERAL, default=None)
    return _("代%(name)s%(title)s", name=away.name, title=_(ROLE_TITLES[Role(chief)]) if chief else "")


def short_day(at: Any) -> str:
    """Write the day of an instant without its weekday, as in 11月23日."""
    on = clock.shanghai(at).date()
    return _("%(month)d月%(day)d日", month=on.month, day=on.day)


def _is_for(one: SigningAuthorization, item: WorkItem | WorkRow) -> bool:
    return (one.organization_id, one.role) == (item.organization_id, item.role)


def _todo_row(actor: Actor, item: WorkRow, whose: Whose) -> Row:
    words, kind = handed_words(item) or whose.words(item, item.away)
    return _item_row(actor, item) | {
        "verb": _(ASKED_VERBS[item.kind]) if item.kind in ASKED_VERBS else verb(item.element_name),
        "is_unread": not item.is_read,
        "due": due_words(item.due_at, is_provisional=item.is_due_provisional),
        "due_kind": due_kind(item.due_at),
        "whom": words,
        "whom_kind": kind,
    }


def _item_row(actor: Actor, item: WorkRow) -> Row:
    serial = serial_words(item.serial, item.case_organization_id, actor)
    line = _("%(initiator)s · %(serial)s", initiator=initiator_words(item.initiator_name), serial=serial)
    return {
        "href": url_for("tasks.show", item_id=item.id),
        "title": item.title,
        "line": " · ".join([*_before(item), line]),
        "facts": _facts(item.summary, item.amount),
        "kind": item.process_title,
        "amount": yuan(item.amount) if item.amount is not None else None,
        "arrived": short_day(item.opened_at),
    }


def _before(item: WorkRow) -> list[str]:
    """Return what stands before the line of a task: how often it was urged, that it came back, why it was given."""
    return [
        *([_("催过 %(count)d 次", count=item.reminder_count)] if item.reminder_count else []),
        *([_("退回后重办")] if item.is_returned else []),
        *([f"“{item.handed_reason}”"] if item.handed_reason else []),
    ]


def _facts(summary: Sequence[Mapping[str, str]] | None, amount: int | None) -> list[tuple[str, str]]:
    """Return the lines of a summary; the amount has a column of its own."""
    shown = _("%(amount)s 元", amount=yuan(amount)) if amount is not None else None
    return [(line["label"], line["value"]) for line in summary or () if line["value"] != shown]
