"""The tabs over the pages of money: each for whom it opens."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.domain.identity import Actor
from app.services.money import money_scope


def tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the person may open."""
    ledger, budget = money_scope.may_look(actor)
    found = [
        (ledger, "ledger.index", _("台账")),
        (budget, "budgets.index", _("预算")),
        (ledger, "ledger.assets", _("固定资产")),
    ]
    return [
        {"url": url_for(endpoint), "label": label, "is_current": request.endpoint == endpoint}
        for is_open, endpoint, label in found
        if is_open
    ]
