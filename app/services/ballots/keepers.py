"""The scrutineers of a ballot: who they are, and the keys that follow from their passphrases."""

import hmac
from hashlib import sha256

from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.ballots import Ballot, BallotScrutineer
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.ballots import envelopes

SHORTEST = 8
LONGEST = 200
NOT_COUNTING = N_("现在不能计票：投票还没有截止，或者计票已经确认。")


def keeper(session: Session, actor: Actor, ballot_id: int) -> BallotScrutineer:
    """Return the person's own place among the scrutineers. Raises NotFound for everybody else."""
    found = session.get(BallotScrutineer, (ballot_id, actor.person_id), populate_existing=True)
    if found is None:
        raise NotFound
    return found


def keepers(session: Session, ballot_id: int) -> list[BallotScrutineer]:
    """Return the three scrutineers with their names."""
    query = select(BallotScrutineer).where(BallotScrutineer.ballot_id == ballot_id)
    query = query.options(joinedload(BallotScrutineer.person)).order_by(BallotScrutineer.person_id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def passphrase_of_platform(secret_key: str, ballot: Ballot, person_id: int) -> str:
    """Return what stands in for a scrutineer's passphrase where the platform keeps the key by its own secret."""
    told = f"shenpi ballot {ballot.id}/{person_id}".encode()
    return hmac.new(secret_key.encode(), told, sha256).hexdigest()


def checked(passphrase: str) -> str:
    """Return a new passphrase. Raises Invalid where it is too easily guessed."""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        message = N_("监票口令要 %(least)d 到 %(most)d 个字符，请换一个。")
        raise Invalid.field("passphrase", message, least=SHORTEST, most=LONGEST)
    return passphrase


def key_of(found: BallotScrutineer, passphrase: str) -> PrivateKey:
    """Return the key of a scrutineer. Raises Invalid for another passphrase, Conflict before it is set and after the end."""
    if found.salt is None:
        raise Conflict(NOT_COUNTING)
    key = envelopes.key_of(passphrase[:LONGEST], found.salt)
    if bytes(key.public_key) != found.public_key:
        raise Invalid.field("passphrase", N_("监票口令不对，请重新输入；两位监票人都忘了口令，这次投票只能重来。"))
    return key
