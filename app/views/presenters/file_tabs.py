"""The tabs over the pages of files and registers: each for whom it opens."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.domain.identity import Actor
from app.domain.policy import Action, may_anywhere
from app.services.dossiers import scope


def tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the person may open; a tab stays current on the pages below it."""
    found = [
        (True, "files.mine", _("我的档案"), {"files.mine", "files.own_conditions"}),
        (scope.may_see_others(actor), "files.index", _("教师档案"), {"files.index", "files.show", "files.conditions"}),
        (scope.may_see_others(actor), "registers.index", _("登记台账"), {"registers.show", "ranks.history"}),
        (may_anywhere(actor, Action.SEE_STATISTICS), "statistics.ranks", _("职级统计"), {"statistics.ranks"}),
        (bool(actor.holdings), "homeroom.index", _("班主任名单"), {"homeroom.index"}),
        (
            any(may_anywhere(actor, action) for action in (Action.KEEP_REGISTERS, Action.MANAGE_STUDIOS)),
            "sheet_imports.index",
            _("导入"),
            {"sheet_imports.index", "sheet_imports.show"},
        ),
        (may_anywhere(actor, Action.KEEP_COLUMNS), "ranks.columns", _("职级表的列"), {"ranks.columns"}),
        (True, "rounds.index", _("评选批次"), {"rounds.index", "rounds.show"}),
        (bool(actor.holdings), "rank_reviews.index", _("职级评审"), {"rank_reviews.index", "rank_reviews.show"}),
        (True, "studio_register.index", _("工作室"), {"studio_register.index", "studio_register.show"}),
    ]
    return [
        {"url": url_for(endpoint), "label": label, "is_current": request.endpoint in endpoints}
        for is_open, endpoint, label, endpoints in found
        if is_open
    ]
