"""Paper ballots as two tellers read them: numbers of one stack, packed to one length, added to the electronic ones."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from struct import Struct

from app.domain.ballots import MOST_CHOICES, Paper, Tally

# How many papers there are, abstain, are void, and name each of the most names that a ballot can have.
_PACKED = Struct(f">{3 + MOST_CHOICES}I")
MOST_PAPERS = 1_000_000


@dataclass(frozen=True)
class Stack:
    """What a teller reads from the papers in the box."""

    papers: int
    abstained: int
    void: int
    # By the places of the names.
    votes: tuple[int, ...]

    @property
    def named(self) -> int:
        """Return how many papers name somebody."""
        return self.papers - self.abstained - self.void


def differing(one: Stack, other: Stack) -> list[str | int]:
    """Return in what two readings differ: fields by their names, names by their places."""
    fields = [name for name in ("papers", "abstained", "void") if getattr(one, name) != getattr(other, name)]
    votes = enumerate(zip(one.votes, other.votes, strict=True))
    return [*fields, *(place for place, (mine, theirs) in votes if mine != theirs)]


def can_be(stack: Stack, paper: Paper) -> bool:
    """Tell whether papers can give these numbers: each names at least one and no more than the seats."""
    is_right = stack.named >= 0 and all(0 <= number <= stack.named for number in stack.votes)
    return is_right and stack.named <= sum(stack.votes) <= stack.named * paper.seats


def pack(stack: Stack) -> bytes:
    """Return the numbers in one length, whatever they are."""
    papers, abstained, void, votes = astuple(stack)
    return _PACKED.pack(papers, abstained, void, *votes, *[0] * (MOST_CHOICES - len(votes)))


def unpack(record: bytes, names: int) -> Stack:
    """Return the numbers for a ballot of so many names."""
    papers, abstained, void, *votes = _PACKED.unpack(record)
    return Stack(papers, abstained, void, tuple(votes[:names]))


def added(tally: Tally, stack: Stack) -> Tally:
    """Return the count of both kinds of ballots."""
    votes = tuple(sent + written for sent, written in zip(tally.votes, stack.votes, strict=True))
    return replace(
        tally,
        votes=votes,
        abstained=tally.abstained + stack.abstained,
        void=tally.void + stack.void,
        answered=tally.answered + stack.papers,
        papers=stack.papers,
    )


def agreed(stacks: Sequence[Stack]) -> Stack | None:
    """Return what all readings say, or None where they differ or only one teller has read the papers."""
    return stacks[0] if len(stacks) > 1 and len(set(stacks)) == 1 else None
