"""The caller's part of the tree of organisations."""

from flask import Response
from pydantic import Field

from app.db.people import Organization
from app.domain.policy import Action
from app.services.accounts.organizations import organizations_for
from app.views.api.answering import OK, listed, page_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Paging, Reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("organizations", "单位")


class Node(Reference):
    code: str
    kind: str
    affiliation: str | None
    stage: str | None
    parent: int | None = Field(description="上级单位，可能不在本人能看的范围里")


class Nodes(Answer):
    items: list[Node]
    next: str | None


@family.get("/organizations", summary="本人能看的单位，自上而下", responses={OK: Nodes})
def index(query: Paging) -> Response:
    """Return the organisations in sight."""
    found = page_of(organizations_for(get_session(), current_actor(), Action.SEE_ORGANIZATION), query)
    return listed(map(_node, found.items), found.next)


def _node(organization: Organization) -> Node:
    return Node(
        id=organization.id,
        name=organization.name,
        code=organization.code,
        kind=organization.kind,
        affiliation=organization.affiliation,
        stage=organization.stage,
        parent=organization.parent_id,
    )
