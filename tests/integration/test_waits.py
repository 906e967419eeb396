"""What a case tells while it waits for a message or an instant, and what it tells of them afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain import clock
from app.domain.errors import Conflict
from app.engine.package import ProcessPackage
from app.services.accounts.actors import load_actor
from app.services.acts import interventions
from app.services.publishing import definitions
from app.services.reading import cases, history
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from app.views.api.histories import instance_of
from app.views.api.items import task_of
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task
from tests.integration.money_world import NOW, World
from tests.integration.page_world import Site, served
from tests.integration.talking_processes import hears, sends

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PLACE = "松风路小学"


def waiting() -> ProcessPackage:
    """Answer, hear of the place, rest until a day has passed, read it within two weeks."""
    rest = (
        '<bpmn:intermediateCatchEvent id="rest" name="公示一天" shenpi:due="P1D">'
        '<bpmn:timerEventDefinition id="rest_t"/></bpmn:intermediateCatchEvent>'
    )
    late = '<bpmn:boundaryEvent id="two_weeks" name="两周没有阅知" attachedToRef="read" shenpi:due="P14D">'
    late += '<bpmn:timerEventDefinition id="two_weeks_t"/></bpmn:boundaryEvent>'
    body = (
        ASK
        + task("answer", "答复", "principal", verdicts="agree")
        + hears("hear", "等场地回音", 'shenpi:message="place" shenpi:key="ask.topic" shenpi:fields="room hours"')
        + rest
        + task("read", "阅知", "principal", verdicts="submit")
        + DONE
        + late
        + task("chase", "追问", "principal", verdicts="submit")
        + task("close", "结清", "principal", verdicts="submit")
        + '<bpmn:endEvent id="expired" name="没有阅知"/>'
        + flows("ask", "answer", "hear", "rest", "read", "done")
        + flows("two_weeks", "chase", "close", "expired")
    )
    return package("waiting", "借场地", body, forms__ask_json=ASK_FORM)


def telling() -> ProcessPackage:
    params = '<shenpi:param name="room" value="ask.topic"/><shenpi:param name="hours" value="2"/>'
    said = sends("told", "已告知", 'shenpi:message="place" shenpi:key="ask.topic"', params, "endEvent")
    return package("telling", "告知", ASK + said + flows("ask", "told"), forms__ask_json=ASK_FORM)


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    for site in served(database, furnished_world, tmp_path):
        with writing(site.session):
            for one in (waiting(), telling()):
                definitions.publish_built_in(site.session, one)
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
    with clock.frozen(told.due_at):
        ticks.tick(site.session)
    item = site.item("read").id
    reader = load_actor(site.session, site.world.people["陈国栋"])
    [came] = task_of(site.session, reader, cases.task_view(site.session, reader, item)).messages
    assert (came.element, came.values) == ("hear", {"room": "礼堂", "hours": 2})
    page = head.get(f"/tasks/{item}")
    assert "<dt>room</dt>" in page
    assert "别的办件发来" in page
    # Where it is asked, and on the path ahead.
    assert page.count("没有期限") == 2
    steps = history.strip(site.session, cases.case_view(site.session, actor, instance))
    assert [one.element for one in steps] == ["ask", "answer", "hear", "rest", "read", "done"]
    assert [one.state for one in steps][-2:] == ["now", "ahead"]


def test_an_ended_case_tells_what_it_went_through(site: Site) -> None:
    head, instance = site.of("陈国栋"), start(site, "waiting")
    head.post(f"/tasks/{site.item('answer').id}", {"verdict": "agree"})
    start(site, "telling")
    ticks.tick(site.session)
    with clock.frozen(NOW + timedelta(days=1)):
        ticks.tick(site.session)
    with clock.frozen(NOW + timedelta(days=16)):
        ticks.tick(site.session)
        for name in ("chase", "close"):
            head.post(f"/tasks/{site.item(name).id}", {"verdict": "submit"})
        page = site.of("周敏").get(f"/cases/{instance}")
    # Each was handed in once: nothing was changed.
    assert "看改了什么" not in page
    actor = load_actor(site.session, site.world.people["周敏"])
    site.session.rollback()
    told = instance_of(site.session, actor, instance)
    assert told.outcome == "expired"
    assert told.waiting == []
    events = [(one.kind, one.element, one.name) for one in told.history if one.kind in {"timer", "message"}]
    assert events == [
        ("message", "hear", "等场地回音"),
        ("timer", "rest", "公示一天"),
        ("timer", "two_weeks", "两周没有阅知"),
    ]
    assert "到期：两周没有阅知" in page
    assert "还没到" not in page
    steps = history.strip(site.session, cases.case_view(site.session, actor, instance))
    assert [one.element for one in steps] == ["ask", "answer", "hear", "rest", "chase", "close", "expired"]
    assert {one.state for one in steps} == {"done"}
