"""Chains of absences against the plain statement of the rule, for random absences at every instant and process."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import clock
from app.domain.absences import MOST_LINKS, Chain, Fault, Link, chains_to, fault

PEOPLE = range(1, 7)
PROCESSES = ("expense", "budget", "plan")
HOURS = 6
START = datetime(2026, 11, 23, tzinfo=clock.SHANGHAI)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def link(principal: int, substitute: int, begin: int = 0, until: int = HOURS, *processes: str) -> Link:
    return Link(principal, substitute, at(begin), at(until), frozenset(processes) or None)


@st.composite
def links(draw: st.DrawFn) -> Link:
    principal = draw(st.sampled_from(PEOPLE))
    substitute = draw(st.sampled_from([one for one in PEOPLE if one != principal]))
    begin = draw(st.integers(0, HOURS - 1))
    until = draw(st.integers(begin + 1, HOURS))
    meant = draw(st.none() | st.sets(st.sampled_from(PROCESSES), min_size=1))
    return link(principal, substitute, begin, until, *(meant or ()))


def next_of(known: Sequence[Link], hour: int, process: str) -> dict[int, list[int]]:
    """Return to whom each person's tasks go in one hour, for one process."""
    goes: dict[int, list[int]] = {}
    for one in known:
        is_meant = one.processes is None or process in one.processes
        if one.begins_at <= at(hour) < one.until_at and is_meant:
            goes.setdefault(one.principal, []).append(one.substitute)
    return goes


def is_fine(known: Sequence[Link]) -> bool:
    """State the rule plainly: at no instant two substitutes, a circle, or a way of more than three."""
    for hour in range(HOURS):
        for process in PROCESSES:
            goes = next_of(known, hour, process)
            if any(len(to) > 1 for to in goes.values()):
                return False
            for person in PEOPLE:
                way, here = [person], person
                while here in goes:
                    (here,) = goes[here]
                    way.append(here)
                    if len(way) - 1 > MOST_LINKS or len(set(way)) < len(way):
                        return False
    return True


def entered(drawn: Sequence[Link]) -> list[Link]:
    """Return those of the links that are let in, one after the other."""
    known: list[Link] = []
    for one in drawn:
        if fault(known, one) is None:
            known.append(one)
    return known


@given(st.lists(links(), max_size=12))
def test_what_is_let_in_keeps_the_rule_and_what_is_refused_would_break_it(drawn: list[Link]) -> None:
    known: list[Link] = []
    for one in drawn:
        assert (fault(known, one) is None) == is_fine([*known, one])
        if fault(known, one) is None:
            known.append(one)


@given(st.lists(links(), max_size=12), st.integers(0, HOURS - 1), st.sampled_from(PROCESSES), st.sampled_from(PEOPLE))
def test_tasks_reach_whoever_the_next_ones_lead_to(drawn: list[Link], hour: int, process: str, person: int) -> None:
    known = entered(drawn)
    goes = next_of(known, hour, process)
    expected = set()
    for principal in PEOPLE:
        way = [principal]
        while way[-1] in goes:
            way += goes[way[-1]]
        if person in way[1:]:
            expected.add((principal, tuple(way[1 : way.index(person)])))
    now = [one for one in known if one.begins_at <= at(hour) < one.until_at]
    found = [chain for chain in chains_to(now, person) if is_meant(chain, process)]
    assert {(chain.principal, chain.through) for chain in found} == expected
    assert len(found) == len(expected)


def is_meant(chain: Chain, process: str) -> bool:
    return chain.span.processes is None or process in chain.span.processes


@given(st.lists(links(), max_size=14), st.sampled_from(PEOPLE))
def test_reading_ends_and_passes_nobody_twice_whatever_is_kept(drawn: list[Link], person: int) -> None:
    for chain in chains_to(drawn, person):
        people = [*(one.principal for one in chain.links), person]
        assert len(chain.links) <= MOST_LINKS
        assert len(set(people)) == len(people)
        assert chain.span


def test_three_links_are_a_chain_and_a_fourth_is_refused_at_either_end() -> None:
    chain = [link(1, 2), link(2, 3), link(3, 4)]
    assert entered(chain) == chain
    assert fault(chain, link(4, 5)) is Fault.TOO_LONG
    assert fault(chain, link(5, 1)) is Fault.TOO_LONG
    assert fault(chain, link(5, 2)) is None
    assert fault(chain, link(4, 1)) is Fault.CIRCLE


def test_links_meet_only_in_the_same_time_and_process() -> None:
    assert fault([link(1, 2, 0, 3)], link(2, 1, 3, 6)) is None
    assert fault([link(1, 2, 0, 3)], link(2, 1, 2, 6)) is Fault.CIRCLE
    assert fault([link(1, 2, 0, 6, "expense")], link(2, 1, 0, 6, "budget")) is None
    assert fault([link(1, 2, 0, 6, "expense")], link(1, 3, 0, 6, "budget")) is None
    assert fault([link(1, 2, 0, 6, "expense")], link(1, 3, 5, 6)) is Fault.DOUBLE
