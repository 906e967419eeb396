"""Sentences raised below the views: marked here, translated there."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

_INVISIBLE = "Cf"


def N_(message: str) -> str:  # noqa: N802 - the name that Babel's extractor and readers know
    """Mark a message for translation without translating it."""
    return message


@dataclass(frozen=True)
class Sentence:
    """A message in the source language with its named parameters."""

    message: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)

    def chinese(self) -> str:
        """Return the sentence in the source language."""
        return self.message % self.params if self.params else self.message

    def __str__(self) -> str:
        return self.chinese()


def sentence(message: str, **params: object) -> Sentence:
    """Build a sentence from a marked message and its parameters."""
    return Sentence(message, params)


def visible(text: str) -> str:
    """Return a text without signs that nobody sees but that turn or split what others read, such as U+202E."""
    # Most texts have none, and this is told at once.
    return text if text.isprintable() else "".join(sign for sign in text if unicodedata.category(sign) != _INVISIBLE)
