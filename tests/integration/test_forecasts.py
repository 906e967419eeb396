"""The path ahead with people: who is named to whom, who is missing, how many are asked, by when; in few statements."""

from typing import Any

import pytest
from sqlalchemy import delete, event

from app.db.people import Position
from app.domain.errors import Forbidden, NotFound
from app.domain.vocabulary import Role
from app.services.publishing import definitions
from app.services.reading import forecasts
from app.services.reading.forecasts import Path
from app.services.transactions import writing
from app.views.presenters.forecasts import due_of, entries
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task
from tests.integration.panel_world import seat
from tests.integration.prepared import database, grant, school
from tests.integration.returning import send_back, start_of, walk_to
from tests.integration.school import PEOPLE, School

__all__ = ["database", "school"]  # fixtures
MOST_STATEMENTS = 12


def before(school: School, name: str = "host", process: str = "expense_approval", **values: Any) -> Path:
    place = school.organizations["school"]
    return forecasts.path_before(school.session, school.actor(name), process, place, values)


def of(school: School, instance: int, name: str = "host") -> Path:
    school.session.rollback()
    return forecasts.path_of(school.session, school.actor(name), instance)


def named(path: Path) -> dict[str, tuple[str, ...]]:
    return {one.ahead.path: one.handlers.names for one in path.coming if one.handlers}


def test_before_starting_everybody_on_the_way_is_named(school: School) -> None:
    path = before(school, studio=school.studio)
    assert named(path) == {"host_sign": ("周敏",), "legal_sign": ("陈国栋",), "finance_book": ("刘芸",)}
    assert [due_of(one.ahead) for one in path.coming] == [
        "到了以后 3 个工作日内",
        "到了以后 3 个工作日内",
        "到了以后 5 个工作日内",
        "",
    ]
    # Before the studio is chosen nobody knows whose host signs.
    first = before(school).coming[0]
    assert first.handlers is not None
    assert (first.handlers.names, first.handlers.is_open) == ((), True)


def test_nobody_in_a_position_is_said_plainly(school: School) -> None:
    with writing(school.session):
        school.session.execute(delete(Position).where(Position.role == Role.LEGAL_REPRESENTATIVE))
    lines = [one["who"] for one in entries(before(school, studio=school.studio))]
    assert lines[1] == "法定代表人，现在没有人担任"


def test_who_filed_it_is_not_named_where_another_must_do_it(school: School) -> None:
    grant(school, "finance", Role.LEGAL_REPRESENTATIVE)
    assert named(before(school, "finance", "expense_reversal"))["legal_sign"] == ("陈国栋",)


def test_the_neighbours_and_the_bureau_are_not_told_by_name(school: School) -> None:
    text = (
        task("weigh", "局里审核", "bureau_finance", 'shenpi:of="parent"')
        + '<bpmn:userTask id="judge" name="评议" shenpi:role="leadership_group_member" shenpi:verdicts="agree disagree"'
        ' shenpi:due="P3D" shenpi:ask="请评议。"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>'
    )
    body = ASK + text + DONE + flows("ask", "weigh", "judge", "done")
    with writing(school.session):
        definitions.publish_built_in(school.session, package("above", "上报", body, forms__ask_json=ASK_FORM))
    seat(school, 3)
    words = [one["who"] for one in entries(before(school, "teacher", "above", topic="操场"))]
    assert words == ["临溪区教育局的财政", "领导小组成员，3 人", ""]


@pytest.mark.parametrize(
    ("name", "refusal"), [("finance", Forbidden), ("other_host", NotFound), ("city_admin", NotFound)]
)
def test_only_who_may_start_it_sees_the_path_before(school: School, name: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        before(school, name)


def test_during_the_case_what_happened_stands_before_what_comes(school: School) -> None:
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "finance_book")
    path = of(school, instance)
    assert [(one.element, one.finished.person) for one in path.done] == [
        ("submit_draft", "周敏"),
        ("host_sign", "周敏"),
        ("legal_sign", "陈国栋"),
    ]
    assert [(one.ahead.path, one.now is not None) for one in path.coming] == [("finance_book", True), ("booked", False)]
    send_back(school, "finance", instance, "host_sign")
    path = of(school, instance)
    # What is to be done again is no past.
    assert [one.element for one in path.done] == ["submit_draft"]
    assert [one["state"] for one in entries(path)] == ["done", "now", "ahead", "ahead", "end"]


def test_who_sees_the_case_sees_its_path(school: School) -> None:
    instance = school.start_expense()
    seen: dict[str, Any] = {}
    for username, *_rest in PEOPLE:
        try:
            seen[username] = named(of(school, instance, username))["legal_sign"]
        except NotFound:
            seen[username] = None
    told, untold = ("陈国栋",), None
    assert seen == {
        "host": told,
        "legal": told,
        "finance": told,
        "admin": told,
        "district_finance": told,
        "district_admin": told,
        "city_auditor": told,
        "city_admin": told,
        "member": untold,
        "deputy": untold,
        "teacher": untold,
        "other_host": untold,
        "other_legal": untold,
        "other_finance": untold,
        "other_admin": untold,
    }


def test_a_path_takes_few_statements(school: School) -> None:
    instance = school.start_expense()
    actor = school.actor("host")
    for look in (
        lambda: forecasts.path_of(school.session, actor, instance),
        lambda: before(school, studio=school.studio),
    ):
        school.session.rollback()
        sent: list[str] = []
        engine = school.session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *args, to=sent: to.append(args[2]))
        look()
        assert 0 < len(sent) <= MOST_STATEMENTS, sent
