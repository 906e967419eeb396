"""The principal's signature that a school's list of ranks needs, whatever the diagram says of it."""

from typing import Any

from app.domain.errors import Forbidden
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.services.control_points import Office, require_signatures
from app.services.operations.call import Call


def require_signature(call: Call, element: str, **told: Any) -> None:
    """Demand the principal's live signature over what an element gave, and that an operation is told the same.

    Raises Forbidden.
    """
    given = call.values.get(element) or {}
    if any(given.get(name) != value for name, value in told.items()):
        raise Forbidden(N_("办不成：要报的和校长签字的内容不同。请找流程管理员核对流程图。"))
    office = Office(Role.PRINCIPAL, call.organization_id)
    require_signatures(call.session, call.instance_id, [office], call.values, [element])
