"""What the panel's votes on an application came to, read from the votes themselves: no person's answer among it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.work import WorkItem
from app.domain.tally import Count, Secrecy, tells_counts
from app.domain.vocabulary import Verdict

# The elements of `rank_judgement`, as the case of an application has them.
VOTE, EXCEPTION, DETERMINE, LOOK = (
    f"judge_application/{one}" for one in ("vote_application", "vote_exception", "determine_rank", "ask_second_look")
)
VOTES = (VOTE, EXCEPTION)
VOTE_KEYS = {VOTE: "vote", EXCEPTION: "exception"}


def last_votes(session: Session, instance_id: int) -> dict[str, Any]:
    """Return the numbers of the latest vote of each kind in a case; a vote on an exception begins them anew."""
    query = select(CollectiveTask).where(CollectiveTask.instance_id == instance_id).order_by(CollectiveTask.id)
    found: dict[str, Any] = {}
    for one in session.scalars(query.where(CollectiveTask.element.in_(VOTES))):
        kept = {} if one.element == EXCEPTION else found
        found = {**kept, VOTE_KEYS[one.element]: _numbers(one)}
    return found


def looks_taken(session: Session, instance_id: int) -> int:
    """Return how often an applicant has asked the panel to look again."""
    asked = WorkItem.instance_id == instance_id, WorkItem.element == LOOK
    return session.scalar(select(func.count()).where(*asked, WorkItem.verdict == Verdict.DISAGREE)) or 0


def _numbers(task: CollectiveTask) -> dict[str, Any]:
    return {"task": task.id, "roll": task.roll, "recused": task.recused, "counts": task.counts}


def told_counts(counts: Mapping[str, Any] | None, key: str) -> Mapping[str, int] | None:
    """Return how many gave each verdict in a vote, where so many answered that it tells of nobody."""
    numbers = (counts or {}).get(key)
    if numbers is None:
        return None
    count = Count(numbers["roll"], numbers["recused"], numbers["counts"])
    return numbers["counts"] if tells_counts(Secrecy.CONFIDENTIAL, count) else None
