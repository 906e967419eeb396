"""Secret ballots as arithmetic: what a ballot paper carries, how papers are counted, what may be told before the end."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

SCRUTINEERS = 3
# How many scrutineers open the ballots together, and how many confirm the count.
NEEDED_SCRUTINEERS = 2
RECEIPT_BYTES = 16
# A bit for each name: every paper is of the same length, whatever is chosen.
MASK_BYTES = 32
MOST_CHOICES = 8 * MASK_BYTES
TURNOUT_STEP = 5
# Of fewer voters no share is told: it would say how many, and one look before and after a vote whose.
SMALLEST_TOLD = 5


class Custody(StrEnum):
    """Who keeps the key of the ballots: the scrutineers by their passphrases, or the platform by its own secret."""

    SCRUTINEERS = "scrutineers"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Choice:
    """A name on the ballot paper."""

    id: str
    name: str
    hint: str = ""


@dataclass(frozen=True)
class Paper:
    """The ballot paper: the names, how many may be chosen at most, and whether none may be."""

    choices: tuple[Choice, ...]
    seats: int
    can_abstain: bool = False

    def allows(self, chosen: Sequence[int]) -> bool:
        """Tell whether a vote for these names, by their places, is a valid one."""
        is_known = all(0 <= place < len(self.choices) for place in chosen) and len(set(chosen)) == len(chosen)
        return is_known and len(chosen) <= self.seats and (bool(chosen) or self.can_abstain)


@dataclass(frozen=True)
class Tally:
    """What the papers come to: votes by the places of the names, and the receipts without what they stand for."""

    votes: tuple[int, ...]
    abstained: int
    void: int
    receipts: tuple[str, ...]
    # How many ballots were counted; how many of them were on paper, which have no receipt.
    answered: int
    papers: int = 0


def pack(chosen: Iterable[int], receipt: bytes) -> bytes:
    """Return what is sealed: the names chosen, by their places, and the receipt."""
    mask = sum(1 << place for place in set(chosen))
    return mask.to_bytes(MASK_BYTES, "big") + receipt


def unpack(record: bytes) -> tuple[tuple[int, ...], bytes]:
    """Return the places of the names chosen, and the receipt."""
    mask = int.from_bytes(record[:MASK_BYTES], "big")
    return tuple(place for place in range(MOST_CHOICES) if mask >> place & 1), record[MASK_BYTES:]


def count(paper: Paper, records: Iterable[bytes | None]) -> Tally:
    """Count opened papers; what could not be opened, chooses too many or copies another paper is void."""
    votes, receipts, void, abstained, answered = [0] * len(paper.choices), set[bytes](), 0, 0, 0
    for record in records:
        answered += 1
        chosen, receipt = unpack(record) if record is not None else ((), b"")
        if len(receipt) != RECEIPT_BYTES or receipt in receipts or not paper.allows(chosen):
            void += 1
            continue
        receipts.add(receipt)
        abstained += not chosen
        for place in chosen:
            votes[place] += 1
    return Tally(tuple(votes), abstained, void, tuple(sorted(map(spell, receipts))), answered)


def ties(votes: Sequence[int], places: int | None) -> tuple[tuple[int, ...], int]:
    """Return who have equally many votes for the last places, by their own, and how many of these there are to fill."""
    if places is None or places >= len(votes):
        return (), 0
    ranked = sorted(votes, reverse=True)
    least = ranked[places - 1]
    if ranked[places] < least:
        return (), 0
    above = sum(number > least for number in votes)
    return tuple(place for place, number in enumerate(votes) if number == least), places - above


def spell(receipt: bytes) -> str:
    """Return a receipt as people compare it: `3f9a27c1-…` in four groups."""
    text = receipt.hex()
    return "-".join(text[start : start + 8] for start in range(0, len(text), 8))


def turnout(answered: int, roll: int) -> int | None:
    """Return the share of the roll that answered, in per cent and rounded; nothing of a roll so small that it would tell."""
    if roll == 0:
        return 0
    if roll < SMALLEST_TOLD:
        return None
    steps = 100 // TURNOUT_STEP
    return (2 * steps * answered + roll) // (2 * roll) * TURNOUT_STEP


def shuffled(choices: Sequence[Choice], ballot_id: int, person_id: int) -> list[Choice]:
    """Return the names in an order of one voter's own that is stored nowhere and stays the same."""
    seed = hashlib.sha256(f"{ballot_id}/{person_id}".encode()).digest()
    found = list(choices)
    Random(seed).shuffle(found)  # noqa: S311 - an order without favour, not a secret
    return found
