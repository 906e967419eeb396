"""What every template is given: navigation, who is signed in, density."""

from typing import Any

from flask import Flask, g, request
from flask_babel import gettext as _

from app.domain.identity import Actor
from app.domain.policy import Action, may_anywhere
from app.domain.vocabulary import BUREAU_ROLES
from app.services.money.money_scope import may_look
from app.services.reading.todo import open_count
from app.services.telling.notifications import unread_count
from app.views.database import get_session
from app.views.words import role_title


def init_context(app: Flask) -> None:
    """Register the context processor."""
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    """Return what base.html needs; nothing of a person where nobody is signed in."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return {"nav": [], "me": None, "density": "", "has_shortcuts": False, "home_url": "/", "live": None}
    return {
        "nav": navigation(actor),
        "me": person_line(actor),
        "density": "compact" if g.habits.is_compact else "",
        "has_shortcuts": g.habits.has_shortcuts,
        "home_url": "/",
        "live": {
            "url": "/notifications",
            "unread": unread_count(get_session(), actor),
            "events": "/events",
            "poll": "/notifications/unread",
        },
    }


def navigation(actor: Actor) -> list[dict[str, Any]]:
    """Return the entries of the rail; those marked `is_desk` are left out of the phone's tab bar."""
    todo = open_count(get_session(), actor)
    # The tab bar of a phone has room for five: a bureau files more often than it looks into ledgers.
    is_bureau = actor.acting is not None and actor.acting.role in BUREAU_ROLES
    is_filing = may_anywhere(actor, Action.SEE_FILINGS)
    entries = [
        _entry(
            "/",
            "inbox",
            _("待办"),
            {"inbox", "tasks", "cases", "case_acts", "notifications", "unheld", "comments"},
            count=todo,
            live="todo",
        ),
        _entry("/start", "plus", _("发起"), {"start"}),
        *(
            [_entry("/ledger", "yuan", _("台账"), {"ledger", "budgets"}, is_desk=is_bureau and is_filing)]
            if any(may_look(actor))
            else []
        ),
        _entry(
            "/file",
            "file",
            _("档案"),
            {"files", "homeroom", "homeroom_plans", "registers", "sheet_imports", "studio_register", "rank_reviews"},
        ),
        _entry("/rounds", "flow", _("评选"), {"rounds"}, is_desk=True),
        *([_entry("/filings", "up", _("备案"), {"filings"}, is_desk=not is_bureau)] if is_filing else []),
        _entry("/notices", "horn", _("公示"), {"notices", "objections"}, is_desk=True),
        _entry("/rules", "book", _("规则"), {"rules", "rule_packs"}, is_desk=True),
    ]
    if may_anywhere(actor, Action.MANAGE_PEOPLE):
        entries.append(_entry("/people", "users", _("人员"), {"people", "imports"}, is_desk=True))
    if may_anywhere(actor, Action.MANAGE_STUDIOS):
        entries.append(
            _entry(
                "/settings", "gear", _("设置"), {"studios", "authorizations", "organizations", "versions"}, is_desk=True
            )
        )
    mine = {"profile", "position", "absences", "notification_settings", "opinions", "keyboard"}
    return [*entries, _entry("/profile", "user", _("我的"), mine)]


def person_line(actor: Actor) -> dict[str, str]:
    """Return the top bar's line: organisation, position and name."""
    held = actor.acting
    return {
        "name": actor.name,
        "organization": held.organization_name if held else "",
        "position": role_title(held.role) if held else "",
        "url": "/profile",
    }


def _entry(
    url: str,
    icon: str,
    label: str,
    blueprints: set[str],
    *,
    count: int = 0,
    live: str = "",
    is_desk: bool = False,
) -> dict[str, Any]:
    return {
        "url": url,
        "icon": icon,
        "label": label,
        "count": count,
        # Under which name open pages are told of another count.
        "live": live,
        "is_current": request.blueprint in blueprints,
        "is_desk": is_desk,
    }
