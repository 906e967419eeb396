"""How many statements an act takes: the same, however much there is."""

from collections.abc import Callable

from sqlalchemy import event

from tests.integration.school import School


def statements_of(school: School, act: Callable[[], object]) -> int:
    seen: list[str] = []
    engine = school.session.get_bind()
    event.listen(engine, "before_cursor_execute", listener := lambda *told: seen.append(told[2]))
    act()
    event.remove(engine, "before_cursor_execute", listener)
    return len(seen)
