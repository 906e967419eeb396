"""What is to do about a school's list, and what becomes of it on paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch
from app.db.work import WorkItem
from app.domain.filings import BatchStatus, Channel
from app.domain.identity import Actor
from app.services import candidates
from app.services.reading import history
from app.views.presenters.acts import verb

# The task at which a list is printed and sealed (`rank_filing`).
SEALING = "attach_scan"
# Those at which the office corrects what came back, and the principal signs it.
MENDING, SIGNING = "correct_rows", "sign_rows"


def tasks(session: Session, actor: Actor, found: Sequence[WorkItem]) -> list[dict[str, str]]:
    """Return what is asked about a list: the way to it for those whom it is asked of, for others who they are."""
    return [_task(session, actor, one) for one in found]


def paper(batch: FilingBatch, found: Sequence[WorkItem]) -> dict[str, Any]:
    """Return what to do with a list on paper, and whether printing it is what comes next."""
    if batch.channel != Channel.PAPER:
        return {"words": "", "is_next": False}
    if batch.status == BatchStatus.SETTLED:
        words = _("这份名单走的是纸质报送，已经办结，不用再打印盖章。")
        return {"words": words, "is_next": False}
    if any(one.element == SEALING for one in found):
        words = _("名单走纸质报送：打印下面的 PDF，校长签字、盖章，报主管教育局；扫描件在待办里附上。")
        return {"words": words, "is_next": True}
    return {"words": "", "is_next": False}


def mended(batch: FilingBatch, found: Sequence[WorkItem]) -> Mapping[int, Mapping[str, Any]]:
    """Return what the office wrote of rows that came back while the principal is asked to sign it, by row."""
    if batch.instance is None or all(one.element != SIGNING for one in found):
        return {}
    return {one["row"]: one for one in batch.instance.values.get(MENDING, {}).get("rows") or ()}


def _task(session: Session, actor: Actor, item: WorkItem) -> dict[str, str]:
    if candidates.capacity(session, actor, item) is not None:
        return {"name": item.element_name, "url": url_for("tasks.show", item_id=item.id)}
    people = "、".join(history.handlers(session, item)) or _("安排人员")
    return {"words": _("现在等%(people)s%(verb)s。", people=people, verb=verb(item.element_name))}
