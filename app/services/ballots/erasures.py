"""Destroying what could tell who voted for whom: in the tables at once, in the files right after the commit."""

from sqlalchemy.orm import Session

from app.db.erasing import erase_ballots
from app.db.queries import ballots as queries
from app.services.transactions import after_commit, connection_of


def wipe(session: Session, ballot_id: int) -> None:
    """Destroy the envelopes and keys of a ballot."""
    connection = connection_of(session)
    queries.wipe(connection, ballot_id)
    engine = connection.engine
    after_commit(session, lambda: erase_ballots(engine))
