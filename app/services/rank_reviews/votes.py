"""What the panel's votes on an application came to, read from the votes themselves: no person's answer among it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import WorkItem
from app.domain import tally
from app.domain.errors import Conflict
from app.domain.handling import OF_THE_LEVEL_ABOVE, superiors
from app.domain.ranks import RankApplicationKind
from app.domain.tally import Count, Secrecy, tells_counts
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, Role, Verdict, WorkItemStatus

# The elements of `rank_judgement`, as the case of an application has them.
VOTE, EXCEPTION, DETERMINE, LOOK = (
    f"judge_application/{one}" for one in ("vote_application", "vote_exception", "determine_rank", "ask_second_look")
)
VOTES = (VOTE, EXCEPTION)
LEADER = Role.LEADERSHIP_GROUP_LEADER
# The leading group's head, or whoever has the task where nobody else holds the position.
DETERMINERS = (LEADER, *superiors(LEADER), OF_THE_LEVEL_ABOVE, *superiors(OF_THE_LEVEL_ABOVE))
# For, against, and neither.
VERDICTS = (Verdict.AGREE, Verdict.DISAGREE, tally.ABSTAIN)
VOTE_KEYS = {VOTE: "vote", EXCEPTION: "exception"}


def last_votes(session: Session, instance_id: int) -> dict[str, Any]:
    """Return the numbers of the latest vote of each kind in a case; a vote on an exception begins them anew."""
    query = select(CollectiveTask).where(CollectiveTask.instance_id == instance_id).order_by(CollectiveTask.id)
    found: dict[str, Any] = {}
    for one in session.scalars(query.where(CollectiveTask.element.in_(VOTES))):
        kept = {} if one.element == EXCEPTION else found
        found = {**kept, VOTE_KEYS[one.element]: _numbers(one)}
    return found


def judgement(session: Session, application: RankApplication, rules: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the panel decided: on the exception, where one is asked for, and then on the application.

    A diagram may ask for more than the rules of the case, never for less. Raises Conflict where the panel of the
    school has not voted in confidence.
    """
    since = 0
    if application.kind == RankApplicationKind.EXCEPTIONAL:
        exception = _latest(session, application, EXCEPTION, since)
        if (verdict := _outcome(exception, rules)) != Verdict.AGREE:
            return verdict
        since = exception.id
    return _outcome(_latest(session, application, VOTE, since), rules)


def determination(session: Session, instance_id: int) -> str:
    """Return what the leading group's head decided since the panel voted. Raises Conflict where that is nothing."""
    in_case = WorkItem.instance_id == instance_id
    # What comes later has a higher number, whatever the clock did.
    voted = select(func.max(WorkItem.id)).where(in_case, WorkItem.element.in_(VOTES))
    query = select(WorkItem.verdict).where(
        in_case,
        WorkItem.element == DETERMINE,
        # A person's decision, not a deadline's.
        WorkItem.closed_by_id.is_not(None),
        WorkItem.role.in_(DETERMINERS),
        WorkItem.status == WorkItemStatus.DONE,
        WorkItem.id > func.coalesce(voted.scalar_subquery(), 0),
    )
    found = session.scalar(query.order_by(WorkItem.id.desc()).limit(1))
    if found is None:
        raise Conflict(N_("领导小组组长还没有决定，不能往下办。请找流程管理员核对流程图。"))
    return found


def was_judged(session: Session, person_id: int, school_year: int, instance_id: int) -> bool:
    """Tell whether the panel has voted on another application of a person in a school year, whatever became of it."""
    query = (
        select(RankApplication.id)
        .join(RankApplication.review)
        .join(CollectiveTask, CollectiveTask.instance_id == RankApplication.instance_id)
        .where(
            RankApplication.person_id == person_id,
            RankApplication.instance_id != instance_id,
            RankReview.school_year == school_year,
            CollectiveTask.element.in_(VOTES),
            CollectiveTask.outcome.in_((Verdict.AGREE, Verdict.DISAGREE)),
        )
    )
    return session.scalar(query.limit(1)) is not None


def last_vote(session: Session, instance_id: int) -> int:
    """Return the number of the latest vote of a case, 0 before the first."""
    return session.scalar(select(func.max(CollectiveTask.id)).where(CollectiveTask.instance_id == instance_id)) or 0


def looks_taken(session: Session, instance_id: int) -> int:
    """Return how often an applicant has asked the panel to look again."""
    asked = WorkItem.instance_id == instance_id, WorkItem.element == LOOK
    return session.scalar(select(func.count()).where(*asked, WorkItem.verdict == Verdict.DISAGREE)) or 0


def _latest(session: Session, application: RankApplication, element: str, since: int) -> CollectiveTask:
    """Return the latest vote that counts as the panel's."""
    query = select(CollectiveTask).where(
        CollectiveTask.instance_id == application.instance_id,
        CollectiveTask.id > max(since, application.last_vote_before),
        CollectiveTask.element == element,
        CollectiveTask.status == CollectiveStatus.CLOSED,
        CollectiveTask.role == Role.REVIEW_PANEL_MEMBER,
        CollectiveTask.organization_id == application.review.organization_id,
        CollectiveTask.secrecy == Secrecy.CONFIDENTIAL,
    )
    found = session.scalar(query.order_by(CollectiveTask.id.desc()).limit(1))
    if found is None:
        raise Conflict(N_("评审组还没有保密表决过，不能往下办。请找流程管理员核对流程图。"))
    return found


def _outcome(task: CollectiveTask, rules: Mapping[str, Mapping[str, Any]]) -> str:
    quorum, majority = (
        tally.share_of((rules.get(key) or {}).get("value")) for key in ("rank.quorum", "rank.pass_ratio")
    )
    rule = tally.Rule(tally.Closing.QUORUM, VERDICTS, quorum, majority)
    by_rule = tally.outcome(rule, Count(task.roll, task.recused, task.counts), is_due=True) or tally.NO_QUORUM
    return task.outcome or tally.NO_QUORUM if by_rule == Verdict.AGREE else by_rule


def _numbers(task: CollectiveTask) -> dict[str, Any]:
    return {"task": task.id, "roll": task.roll, "recused": task.recused, "counts": task.counts}


def told_counts(application: RankApplication, key: str, reader_id: int) -> Mapping[str, int] | None:
    """Return how many gave each verdict in a vote, where so many answered that it tells of nobody; never to the applicant."""
    numbers = (application.counts or {}).get(key)
    if numbers is None or application.person_id == reader_id:
        return None
    count = Count(numbers["roll"], numbers["recused"], numbers["counts"])
    return numbers["counts"] if tells_counts(Secrecy.CONFIDENTIAL, count) else None
