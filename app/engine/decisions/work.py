"""A bound on work: questions about tables are answered exactly, or left alone."""

# In steps of a few microseconds, for a whole file.
MAX_WORK = 500_000


class TooMuch(Exception):
    """The question takes more work than is left for it."""


class Work:
    """The work that is left."""

    def __init__(self, steps: int = MAX_WORK) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps away. Raises TooMuch when there are not as many."""
        if steps > self._left:
            raise TooMuch
        self._left -= steps
