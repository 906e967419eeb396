"""A change of a studio's people in a few words, for the title of its case."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.domain.text import N_, Sentence, sentence
from app.services.accounts.naming import names_of
from app.services.studios.rosters import Roster

BETWEEN = "、"


def summary(session: Session, before: Roster, after: Roster | None) -> Sentence:
    """Say what changes between two rosters, or that the studio ends."""
    if after is None:
        return sentence(N_("终止工作室"))
    names = names_of(session, [*_everybody(before), *_everybody(after)])
    if after.host_id != before.host_id:
        message = N_("主持人由%(old)s换成%(new)s")
        return sentence(message, old=names[before.host_id], new=names[after.host_id])
    if after.mentor_id != before.mentor_id:
        return _of_mentor(names, before.mentor_id, after.mentor_id)
    return _of_members(names, set(before.member_ids), set(after.member_ids))


def _of_mentor(names: Mapping[int, str], before: int | None, after: int | None) -> Sentence:
    if after is not None:
        return sentence(N_("聘请%(new)s为导师"), new=names[after])
    return sentence(N_("不再聘%(old)s为导师"), old=_listed(names, {before} - {None}))


def _of_members(names: Mapping[int, str], before: set[int], after: set[int]) -> Sentence:
    left, joined = _listed(names, before - after), _listed(names, after - before)
    if left and joined:
        return sentence(N_("%(left)s离开，%(joined)s加入"), left=left, joined=joined)
    return sentence(N_("%(left)s离开"), left=left) if left else sentence(N_("%(joined)s加入"), joined=joined)


def _everybody(roster: Roster) -> list[int]:
    return [roster.host_id, *roster.member_ids, *([roster.mentor_id] if roster.mentor_id else [])]


def _listed(names: Mapping[int, str], people: Iterable[int | None]) -> str:
    return BETWEEN.join(names[person] for person in sorted(filter(None, people)))
