"""Leaks by the watch: what the answer does not tell apart must not be told apart by its time.

An unknown user beside a wrong password, a hidden case beside none, a hidden task beside none.
"""

from collections.abc import Callable
from contextlib import suppress
from itertools import count

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db.people import SignInThrottle
from app.domain.errors import NotFound, Unauthenticated
from app.services.accounts.sign_in import sign_in
from app.services.reading import cases
from app.services.transactions import writing
from bench.databases import Database
from bench.figures import Figure, Limit
from bench.measuring import Work, side_by_side
from tests.integration import school as worlds
from tests.integration.school import School

ROUNDS, SHORT_ROUNDS = 60, 3
BOUND = 1.1
NOWHERE = 987_654_321
_numbers = count(1)


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure each pair; the dearer of the two beside the cheaper."""
    rounds = SHORT_ROUNDS if short else ROUNDS
    with Session(database.engine) as session:
        school = worlds.build(session, database.folder)
        school.confirm_budget()
        return [_figure(database, name, pair, rounds) for name, pair in _pairs(school).items()]


def _pairs(school: School) -> dict[str, tuple[Work, Work]]:
    session, stranger = school.session, school.actor("other_legal")
    instance = school.start_expense()
    item = school.open_item(instance).id
    return {
        "用户名不存在、密码不对": (_try(school, lambda: f"nobody{next(_numbers)}"), _try(school, lambda: "host")),
        "看不见的事、没有的事": (
            _missing(lambda: cases.case_view(session, stranger, instance)),
            _missing(lambda: cases.case_view(session, stranger, NOWHERE)),
        ),
        "看不见的待办、没有的待办": (
            _missing(lambda: cases.task_view(session, stranger, item)),
            _missing(lambda: cases.task_view(session, stranger, NOWHERE)),
        ),
    }


def _try(school: School, username: Callable[[], str]) -> Work:
    def work() -> None:
        with suppress(Unauthenticated):
            sign_in(school.session, username(), "不是这个密码", "127.0.0.1")
        # The next try is the first again.
        with writing(school.session):
            school.session.execute(delete(SignInThrottle))

    return work


def _missing(look: Work) -> Work:
    def work() -> None:
        with suppress(NotFound):
            look()

    return work


def _figure(database: Database, name: str, pair: tuple[Work, Work], rounds: int) -> Figure:
    costs = side_by_side(dict(zip(("one", "other"), pair, strict=True)), rounds=rounds)
    cheap, dear = sorted(cost.wall for cost in costs.values())
    return Figure("泄露", name, database.name, dear, cheap, "两种里快的一种", Limit.AT_MOST, BOUND)
