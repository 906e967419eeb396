"""Role by role, by the API: who sees a late task and one that nobody holds, and what each may do with them."""

from datetime import datetime

import pytest

from app.domain import clock
from app.domain.clock import SHANGHAI
from app.services.timing import ticks
from tests.integration.api import Served
from tests.integration.late_process import DUE, begin, items, publish

OFFICE = "moral_education_office"
MONDAY = datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)
LATE = datetime(2026, 11, 10, 10, tzinfo=SHANGHAI)
UP = 'shenpi:escalateTo="principal" shenpi:escalateAfter="2"'
HIDDEN = (404, False, 404)


# Who: the status of the case, whether the task is on the person's list, the status of giving it to a colleague,
# and the status of the list of what nobody can do, with how many are on it.
UNHELD = {
    "host": (200, False, 403, 403, 0),
    "teacher": (*HIDDEN, 403, 0),
    "deputy": (*HIDDEN, 403, 0),
    "finance": (*HIDDEN, 403, 0),
    "legal": (200, False, 403, 403, 0),
    "other_admin": (*HIDDEN, 200, 0),
    "other_legal": (*HIDDEN, 403, 0),
    "district_finance": (*HIDDEN, 403, 0),
    "district_admin": (200, False, 403, 200, 0),
    "admin": (200, False, 200, 200, 1),
}
# Who: the status of the case, whether the task is on the list, the status of agreeing to it.
ESCALATED = {
    "host": (200, False, 403),
    "teacher": HIDDEN,
    "deputy": HIDDEN,
    "admin": (200, False, 403),
    "other_legal": HIDDEN,
    "other_admin": HIDDEN,
    "district_finance": HIDDEN,
    "district_admin": (200, False, 403),
    "finance": (200, True, 200),
    "legal": (200, True, 200),
}


@pytest.mark.parametrize("name", UNHELD)
def test_a_task_that_nobody_holds(served: Served, name: str) -> None:
    publish(served.school, "", role=OFFICE)
    case = begin(served.school, "host")
    item = items(served.school, case)[0].id
    served.school.session.rollback()
    person = served.as_(name)
    sees, is_listed, may_give, may_list, count = UNHELD[name]
    assert person.get(f"/instances/{case}").status_code == sees
    assert (item in {one["id"] for one in person.get("/tasks", box="todo").get_json()["items"]}) is is_listed
    listed = person.get("/unheld")
    assert listed.status_code == may_list
    if may_list == 200:
        assert [one["id"] for one in listed.get_json()["items"]] == [item] * count
    if sees == 200:
        assert person.get(f"/tasks/{item}").get_json()["is_unheld"] is True
    given = person.post(f"/tasks/{item}/transfer", {"to": served.school.people["deputy"], "reason": "请您代办"})
    assert given.status_code == may_give
    if may_give == 200:
        assert served.as_("deputy").task("check")["verdicts"] == ["agree", "return"]


@pytest.mark.parametrize("name", ESCALATED)
def test_a_task_that_was_escalated(served: Served, name: str) -> None:
    publish(served.school, f"{DUE} {UP}")
    with clock.frozen(MONDAY):
        case = begin(served.school, "host")
    with clock.frozen(LATE):
        ticks.tick(served.school.session)
        item = items(served.school, case)[0]
        revision = item.revision
        served.school.session.rollback()
        person = served.as_(name)
        sees, is_listed, may_do = ESCALATED[name]
        assert person.get(f"/instances/{case}").status_code == sees
        assert (item.id in {one["id"] for one in person.get("/tasks", box="todo").get_json()["items"]}) is is_listed
        if sees == 200:
            assert person.get(f"/tasks/{item.id}").get_json()["escalated_to"] == "principal"
        done = person.post(f"/tasks/{item.id}/complete", {"revision": revision, "verdict": "agree"})
        assert done.status_code == may_do
