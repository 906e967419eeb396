"""Bureaus' own columns for lists of ranks: which hold for an organisation, and changing one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization
from app.db.ranks import RankColumns
from app.domain import clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.errors import Conflict, Invalid
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.rank_columns import RANK, OwnColumn, check_columns, check_words
from app.domain.sheets import Spoken
from app.domain.text import N_
from app.services.accounts.organizations import get_organization
from app.services.journal import record_organization
from app.services.transactions import writing


@dataclass(frozen=True)
class Held:
    """The columns and words that hold somewhere: whose they are, none where the platform's own do."""

    columns: Sequence[OwnColumn] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    bureau: Organization | None = None
    revision: int = 0


def columns_at(session: Session, actor: Actor, organization_id: int) -> Held:
    """Return the columns that hold for an organisation which one may see. Raises NotFound."""
    return columns_for(session, get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION))


def columns_for(session: Session, organization: Organization) -> Held:
    """Return the columns that hold for an organisation: those of the nearest bureau that has its own."""
    above = [int(part) for part in organization.path.strip("/").split("/")]
    query = (
        select(RankColumns)
        .join(RankColumns.organization)
        .where(RankColumns.organization_id.in_(above))
        .options(joinedload(RankColumns.organization))
        .order_by(func.length(Organization.path).desc())
    )
    return _held(next((kept for kept in session.scalars(query) if kept.columns), None))


def spoken(held: Held) -> Spoken:
    """Return what an import knows beside the platform's heads and words."""
    heads = {one.head: one.column for one in held.columns}
    return Spoken(heads, {RANK: {word: RANK_TITLES[Rank(rank)] for rank, word in held.words.items()}})


def own_columns(session: Session, actor: Actor, organization_id: int) -> Held:
    """Return what a bureau has set itself. Raises NotFound, Forbidden."""
    get_organization(session, actor, organization_id, Action.KEEP_COLUMNS)
    return _held(session.get(RankColumns, organization_id))


def set_columns(session: Session, actor: Actor, organization_id: int, wanted: Held) -> Held:
    """Set a bureau's own columns and words at the revision that was seen; with no columns, those above hold again.

    Raises NotFound, Forbidden, Invalid by column and word, and Conflict where somebody else was faster.
    """
    columns = [OwnColumn(" ".join(one.head.split()), one.column) for one in wanted.columns]
    words = {rank: " ".join(word.split()) for rank, word in wanted.words.items()} if columns else {}
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.KEEP_COLUMNS)
        errors = check_columns(columns) | check_words(words)
        if errors:
            raise Invalid(errors)
        session.get_one(Organization, organization.id, with_for_update={"key_share": True})
        kept = session.get(RankColumns, organization.id, populate_existing=True)
        if (kept.revision if kept else 0) != wanted.revision:
            raise Conflict(N_("这些列刚才有人改过，请刷新页面再改。"))
        if kept is None:
            kept = RankColumns(organization_id=organization.id, revision=0)
            session.add(kept)
        kept.columns, kept.words, kept.revision = [asdict(one) for one in columns], words, wanted.revision + 1
        kept.changed_by_id, kept.changed_at = actor.person_id, clock.now()
        told = {"columns": kept.columns, "words": kept.words}
        record_organization(session, organization.id, actor, "set_rank_columns", told)
        session.flush()
        return _held(kept)


def _held(kept: RankColumns | None) -> Held:
    if kept is None:
        return Held()
    return Held([OwnColumn(**one) for one in kept.columns], kept.words, kept.organization, kept.revision)
