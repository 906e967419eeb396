"""What a person who looks at an own task is offered to return its case to."""

from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Stale
from app.domain.identity import Actor
from app.domain.vocabulary import WorkItemStatus
from app.services.acts import returns
from app.services.acts.returns import Offers
from app.services.reading.cases import TaskView, task_view
from app.services.steps import refuse_unless_running


def offers_at(session: Session, actor: Actor, item_id: int) -> tuple[TaskView, Offers]:
    """Return an own open task with where its case may be returned to.

    Raises NotFound, Forbidden for another's, Stale for a closed one, Conflict for one that many people do.
    """
    found = task_view(session, actor, item_id)
    if found.capacity is None:
        raise Forbidden
    returns.refuse_others(found.item)
    if found.item.status != WorkItemStatus.OPEN:
        raise Stale
    refuse_unless_running(found.view.case)
    return found, returns.offers(session, found.view.case, found.view.process, found.item.element)
