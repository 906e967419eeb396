"""What a case tells while it waits for a message or an instant, and what it tells of them afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.engine.package import ProcessPackage
from app.services import cases, definitions, history, interventions, starts, ticks
from app.services.actors import load_actor
from app.services.transactions import writing
from app.views.api.histories import instance_of
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task
from tests.integration.page_world import Site, served
from tests.integration.talking_processes import hears, sends

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PLACE = "松风路小学"


def waiting() -> ProcessPackage:
    """Answer, hear of the place, rest until a day has passed, read it."""
    rest = (
        '<bpmn:intermediateCatchEvent id="rest" name="公示一天" shenpi:due="P1D">'
        '<bpmn:timerEventDefinition id="rest_t"/></bpmn:intermediateCatchEvent>'
    )
    body = (
        ASK
        + task("answer", "答复", "principal", verdicts="agree")
        + hears("hear", "等场地回音", 'shenpi:message="place" shenpi:key="ask.topic" shenpi:fields="room hours"')
        + rest
        + task("read", "阅知", "principal", verdicts="submit")
        + DONE
        + flows("ask", "answer", "hear", "rest", "read", "done")
    )
    return package("waiting", "借场地", body, forms__ask_json=ASK_FORM)


def telling() -> ProcessPackage:
    params = '<shenpi:param name="room" value="ask.topic"/><shenpi:param name="hours" value="2"/>'
    said = sends("told", "已告知", 'shenpi:message="place" shenpi:key="ask.topic"', params, "endEvent")
    return package("telling", "告知", ASK + said + flows("ask", "told"), forms__ask_json=ASK_FORM)


@pytest.fixture
def site(database: Engine, session: Session, tmp_path: Path) -> Iterator[Site]:
    for site in served(database, session, tmp_path):
        with writing(session):
            for one in (waiting(), telling()):
                definitions.publish_built_in(session, one)
        yield site


def start(site: Site, process: str) -> int:
    actor = load_actor(site.session, site.world.people["周敏"])
    place = site.world.organizations[PLACE]
    return starts.start(site.session, actor, process, place, {"topic": "礼堂"}).instance


def test_a_case_tells_what_it_waits_for(site: Site) -> None:
    host, head = site.of("周敏"), site.of("陈国栋")
    instance = start(site, "waiting")
    actor = load_actor(site.session, site.world.people["周敏"])
    assert "催办" in host.get(f"/cases/{instance}")
    head.post(f"/tasks/{site.item('answer').id}", {"verdict": "agree"})
    page = host.get(f"/cases/{instance}")
    assert "等场地回音" in page
    assert "催办" not in page
    with pytest.raises(Conflict, match="不用催办"):
        interventions.remind(site.session, actor, instance)
    steps = history.strip(site.session, cases.case_view(site.session, actor, instance))
    assert [one.state for one in steps] == ["done", "done", "now", "ahead", "ahead", "ahead"]
    [told] = instance_of(site.session, actor, instance).waiting
    assert (told.element, told.name, told.kind, told.due_at) == ("hear", "等场地回音", "message", None)
    start(site, "telling")
    ticks.tick(site.session)
    [told] = instance_of(site.session, actor, instance).waiting
    assert (told.element, told.kind) == ("rest", "timer")
    assert told.due_at is not None
    assert "等公示一天" in host.get(f"/cases/{instance}")
