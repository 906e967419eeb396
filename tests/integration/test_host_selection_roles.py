"""Issue 6, from sign-in: role by role and stage by stage of a school's round, what each sees and may do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import pytest

from app.db.work import WorkItem
from tests.integration.conftest import Browser, site_on
from tests.integration.round_looks import EXPECTED, Look
from tests.integration.round_walk import USERS, Walk, begin
from tests.integration.round_world import Days
from tests.integration.school import School

REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
WHO = [name for name in USERS if name not in {"second", "third"}]
_LINK = re.compile(r'href="([^"#]+)"')
_TASK = re.compile(r'"/tasks/(\d+)"')


@pytest.fixture(scope="module")
def walk(built_sqlite: tuple[Path, School], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A round that has just been opened."""
    days = Days()
    for site in site_on(built_sqlite, tmp_path_factory.mktemp("round")):
        yield begin(site, days)
    days.leave()


@pytest.fixture(scope="module")
def looks(walk: Walk) -> Mapping[str, Mapping[str, Look]]:
    """Walk the round once, and return what each finds at each stage."""
    return {stage: {name: look(walk, name) for name in WHO} for stage in walk.stages()}


@pytest.mark.parametrize("stage", EXPECTED)
def test_each_sees_and_may_do_what_the_stage_gives(looks: Mapping[str, Mapping[str, Look]], stage: str) -> None:
    wanted = {name: look for names, look in EXPECTED[stage].items() for name in names.split()}
    assert looks[stage] == wanted
    assert set(wanted) == set(WHO)


def test_no_link_is_dead_and_no_task_answers_to_others(walk: Walk, looks: Mapping[str, Mapping[str, Look]]) -> None:
    assert set(looks) == set(EXPECTED)
    assert walk.slips == []


def look(walk: Walk, name: str) -> Look:
    """Sign in as somebody, and look at the inbox, at the round, and at each page about it."""
    browser, open_items, pages = walk.site.browser(USERS[name]), walk.open_items(), walk.pages()
    found = {word: browser.get(path) for word, path in pages.items()}
    inbox = set(map(int, _TASK.findall(browser.get("/inbox").text)))
    own = {one.element.rpartition("/")[2] for number, one in open_items.items() if number in inbox}
    others = [one for number, one in open_items.items() if number not in inbox]
    links = set(_LINK.findall(found["round"].text))
    dead = [word for word, path in pages.items() if path in links and found[word].status_code != HTTPStatus.OK]
    walk.slips += [(name, slip) for slip in (*dead, *_done_by_others(browser, others))]
    return Look(
        " ".join(sorted(own)),
        _applications(found["round"].text),
        " ".join(word for word, answer in found.items() if answer.status_code == HTTPStatus.OK),
        " ".join(word for word, answer in found.items() if answer.status_code == HTTPStatus.FORBIDDEN),
    )


def _applications(page: str) -> str:
    """Return who is listed as an applicant, and as what where it is more than accepted."""
    listed = page.partition('id="applications"')[2].partition("</table>")[0]
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).split() for row in listed.split("<tr>")[2:]]
    return "; ".join(" ".join(row) for row in rows)


def _done_by_others(browser: Browser, items: Iterable[WorkItem]) -> list[str]:
    """Return the tasks that answer to somebody who does not have them in the inbox: one of each element."""
    tried = {one.element: f"/tasks/{one.id}" for one in items}
    answers = {path: browser.post(path, {"verdict": "submit"}).status_code for path in tried.values()}
    return [f"{path} {status}" for path, status in answers.items() if status not in REFUSED]
