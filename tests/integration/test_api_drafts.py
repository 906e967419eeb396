"""Drafts through the API: a remark, a form, and two devices."""

from typing import Any

import pytest
from sqlalchemy import select

from app.db.work import Draft
from tests.integration.absence_world import ask, publish
from tests.integration.api import Served


@pytest.fixture
def office(served: Served) -> Served:
    publish(served.school)
    ask(served.school, "host")
    return served


def test_the_api_keeps_a_remark_and_tells_of_another_device(office: Served) -> None:
    deputy = office.as_("deputy")
    task = deputy.task("first")
    assert task["draft"] is None

    def save(**body: Any) -> Any:
        return deputy.post(f"/tasks/{task['id']}/draft", body)

    told = save(comment="同意借用。", seen=0).get_json()["draft"]
    assert (told["comment"], told["revision"]) == ("同意借用。", 1)
    assert save(comment="不同意", seen=0).status_code == 409
    assert save(comment="不同意").get_json()["draft"]["revision"] == 2
    assert save(values={"nothing": 1}).status_code == 422
    assert office.as_("teacher").post(f"/tasks/{task['id']}/draft", {"comment": "x"}).status_code == 404
    assert office.as_("host").post(f"/tasks/{task['id']}/draft", {"comment": "x"}).status_code == 403
    assert deputy.complete("first", "agree").status_code == 200
    assert save(comment="晚了").status_code in {403, 409}
    assert office.school.session.scalars(select(Draft)).all() == []
