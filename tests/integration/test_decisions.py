"""Business rule tasks in real cases: the result, the record of why, and the incident where there is no answer."""

import pytest
from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.services import decisions, incidents
from app.services.incidents import OperationFailed
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.crowd import click
from tests.integration.decided_process import decided_process
from tests.integration.prepared import database, school, teacher
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


def confirm(school: School, years: float) -> int:
    """Hand in an application and confirm its years, so that the decision is made."""
    with writing(school.session):
        definitions.publish_built_in(school.session, decided_process())
    place = school.organizations["school"]
    instance = starts.start(school.session, teacher(school), "judged", place, {"years": 1}).instance
    click(school, instance, "teacher", "submit", {"years": years})(school.session)
    return instance


def test_a_decision_is_kept_with_every_rule(school: School) -> None:
    instance = confirm(school, 2)
    case = school.session.get_one(ProcessInstance, instance)
    assert case.values["decide_rank"] == {"rank": "junior_2"}
    (record,) = decisions.decisions_of(school.session, instance)
    assert (record.element, record.decision) == ("decide_rank", "rank")
    assert (record.inputs, record.outputs) == ({"years": 2}, {"rank": "junior_2"})
    assert [rule["matched"] for rule in record.explanation["rules"]] == [True, False]


@pytest.mark.parametrize(("years", "words"), [(7, "没有一条规则对得上（years = 7）"), (3, "规则 1、2 同时对上了")])
def test_no_answer_and_several_are_faults_of_the_tables(school: School, years: int, words: str) -> None:
    with pytest.raises(OperationFailed):
        confirm(school, years)
    school.session.rollback()
    case = school.session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "judged")).one()
    (incident,) = incidents.open_incidents(school.session, case.id)
    assert incident.element == "decide_rank"
    assert words in incident.summary
    assert decisions.decisions_of(school.session, case.id) == []
