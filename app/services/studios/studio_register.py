"""The register of studios, for everybody who may see their organisation."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.vocabulary import Role
from app.services.accounts.actors import holds_today
from app.services.accounts.organizations import in_scope
from app.services.pages import Page, decode, encode, limit_of


def register(
    session: Session, actor: Actor, *, cursor: str | None = None, limit: int | None = None
) -> Page[dict[str, object]]:
    """Return studios in JSON for the API, the newest first. Raises Invalid for a wrong cursor."""
    query = select(Studio).join(Organization).where(in_scope(actor, Action.SEE_ORGANIZATION))
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(Studio.id < after[0])
    query = query.options(joinedload(Studio.organization)).order_by(Studio.id.desc()).limit(size + 1)
    found = list(session.scalars(query))
    hosts = _hosts(session, [studio.id for studio in found[:size]])
    rows = [_json(studio, hosts.get(studio.id)) for studio in found[:size]]
    return Page(rows, encode([found[size - 1].id]) if len(found) > size else None)


def _hosts(session: Session, studios: list[int]) -> dict[int, dict[str, object]]:
    rows = session.execute(
        select(Position.studio_id, Person.id, Person.name)
        .join(Person, Person.id == Position.person_id)
        .where(Position.studio_id.in_(studios), Position.role == Role.STUDIO_HOST, holds_today())
    )
    return {studio: {"id": person, "name": name} for studio, person, name in rows if studio is not None}


def _json(studio: Studio, host: dict[str, object] | None) -> dict[str, object]:
    return {
        "id": studio.id,
        "name": studio.name,
        "organization": {"id": studio.organization_id, "name": studio.organization.name},
        "level": studio.level,
        "programme": studio.programme,
        "host": host,
        "from": studio.from_on.isoformat(),
        "until": studio.until_on.isoformat(),
        "ended_on": studio.ended_on.isoformat() if studio.ended_on else None,
    }
