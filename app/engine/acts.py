"""What a step of the engine may do with a case's values: few acts, so that a known step can repeat them."""

from enum import StrEnum
from typing import NamedTuple

# The call activities that lead to a process within a process.
Calls = tuple[str, ...]


class Verb(StrEnum):
    """What is done."""

    # Keep what a person submitted and decided at a user task, or what a message carried.
    ANSWER = "answer"
    # Take away what an earlier round decided at an activity.
    CLEAR = "clear"
    # The same at a process within the process, without what was decided in it.
    CLEAR_AROUND = "clear_around"
    # Hand the parameters in to a called process.
    HAND_IN = "hand_in"
    # Take the results out of a called process.
    TAKE_OUT = "take_out"
    # Ask whether a condition holds: the only act that the way of a token depends on.
    ASK = "ask"


class Act(NamedTuple):
    """One deed on values: in which process, at which element or with which condition."""

    verb: Verb
    calls: Calls
    subject: str
