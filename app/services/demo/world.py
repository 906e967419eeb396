"""The invented city by name, while it is being built."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.services.accounts.actors import load_actor
from app.services.demo.days import Days
from app.services.objections.seals import Seal

SEED = 20190901


@dataclass
class World:
    """Ids by organisation code, username, studio key and case key; `posts` names who holds a post where."""

    session: Session
    folder: Path
    days: Days
    # What keeps whose an objection is.
    seal: Seal
    organizations: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    # The year in which each person came to the school, as the school year's begin.
    since: dict[str, int] = field(default_factory=dict)
    posts: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    studios: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    vouchers: int = 100
    # The same city on every machine; nothing here is a secret.
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311

    @property
    def school_year(self) -> date:
        """Return the first day of the story's first school year."""
        return self.days.school_year

    @property
    def first_year(self) -> int:
        """Return the year in which the story's first school year begins."""
        return self.school_year.year

    @property
    def this_year(self) -> int:
        """Return the year in which today's school year begins: the story's second."""
        return self.first_year + 1

    def actor(self, username: str) -> Actor:
        """Return a person with the positions held at the clock's instant."""
        return load_actor(self.session, self.people[username])

    def holder(self, code: str, post: str) -> str:
        """Return who holds a post in an organisation, the first where several do."""
        return self.posts[code, post][0]

    def next_voucher(self) -> str:
        """Return the next voucher number; other vouchers come between."""
        self.vouchers += self.chance.randint(1, 6)
        return f"记-{self.vouchers:04d}"

    def listed(self, usernames: list[str]) -> str:
        """Write people as the studio form wants them."""
        return "\n".join(f"{self.names[username]} {username}" for username in usernames)
