"""Where a case may be returned to, as a page offers it, and why not elsewhere."""

from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app.engine.return_targets import Barred
from app.services.acts.finished_tasks import Finished
from app.services.acts.returns import Mode, Offers, Target
from app.views.words import day, say


def choices(offers: Offers) -> list[dict[str, Any]]:
    """Return the targets with who did each and when, the previous step first, the initiator next."""
    targets = sorted(offers.targets, key=lambda one: (not one.is_previous, not one.is_initiator))
    return [{"to": one.element, "name": one.name, "line": _line(one), "note": _note(one)} for one in targets]


def modes(offers: Offers) -> list[tuple[str, str]]:
    """Return the ways to go on from a target that at least one of them allows."""
    words = {
        Mode.AGAIN: _("逐步再办：后面的各步按顺序重新办一遍"),
        Mode.BACK: _("直接回来：改好以后跳过中间各步，直接回到这一步"),
    }
    return [(mode, text) for mode, text in words.items() if any(mode in one.modes for one in offers.targets)]


def barred(offers: Offers) -> list[tuple[str, str]]:
    """Return the steps that the case may not be returned to and why, steps of one reason together."""
    found = groupby(sorted(offers.barred, key=_why), key=_why)
    return [(_("、").join(one.name for one in run), reason) for reason, run in found]


def _why(one: Barred) -> str:
    return say(one.reason)


def _line(target: Target) -> str:
    marks = [words for words, holds in ((_("上一步"), target.is_previous), (_("发起人"), target.is_initiator)) if holds]
    return " · ".join((*marks, _who(target.finished), day(target.finished.at)))


def _who(finished: Finished) -> str:
    if finished.count is not None:
        return _("%(count)d 人办理，重新请他们办", count=finished.count)
    return finished.person or _("系统发起")


def _note(target: Target) -> str:
    return say(target.no_way_back) if target.no_way_back else ""
