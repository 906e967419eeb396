"""What is wrong with an expression, before it is known where it stands."""

from dataclasses import dataclass

from app.domain.text import Sentence


@dataclass(frozen=True)
class Finding:
    """The rule that is broken and the sentence that says how to mend it."""

    rule: str
    sentence: Sentence
