"""Messages: what is sent is noted, what is awaited is named, one event is woken; the engine correlates nothing."""

import pytest

from app.domain.errors import Stale
from app.engine.changes import VisitKind
from app.engine.due_values import Period
from app.engine.problems import PackageError, RunError
from tests.unit.engine.playing import (
    border,
    call,
    compiled,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    people,
    play,
    start,
    timer,
    within,
)

EVENT = "<bpmn:messageEventDefinition/>"


def sends(name: str, kind: str = "intermediateThrowEvent", params: str = "", **words: str) -> str:
    body = f"<bpmn:extensionElements>{params}</bpmn:extensionElements>" if params else ""
    return element(kind, name, body + EVENT, **{"shenpi_message": "request", "shenpi_key": "begin.number", **words})


def awaits(name: str, kind: str = "intermediateCatchEvent", **words: str) -> str:
    asked = {"shenpi_message": "reply", "shenpi_key": "begin.number", "shenpi_fields": "amount", **words}
    return element(kind, name, EVENT, **asked)


def at_border(name: str, host: str, *, interrupting: bool) -> str:
    return awaits(name, "boundaryEvent", attachedToRef=host, cancelActivity=str(interrupting).lower())


AMOUNT = '<shenpi:param name="amount" value="begin.amount"/>'
TALK = diagram(
    start(),
    sends("ask", params=AMOUNT, shenpi_to="parent", shenpi_life="P10D"),
    awaits("hear", shenpi_from="parent"),
    gateways("exclusive", "is_enough"),
    ends("granted", "refused"),
    line("begin", "ask", "hear", "is_enough"),
    flow("is_enough", "granted", "hear.amount >= 100"),
    flow("is_enough", "refused", "hear.amount < 100"),
)


def test_sending_and_waiting_are_told():
    player = play(TALK).start(begin={"number": 7, "amount": 300})
    (sent,) = player.changes.sent
    assert (sent.element, sent.message, sent.key, sent.to, sent.life) == (
        "ask",
        "request",
        "7",
        "parent",
        Period(10 * 24 * 60),
    )
    assert sent.payload == {"amount": 300}
    (awaited,) = player.changes.awaited
    assert (awaited.element, awaited.message, awaited.key, awaited.origin) == ("hear", "reply", "7", "parent")
    assert player.changes.armed == ()


@pytest.mark.parametrize(("amount", "outcome"), [(100, "granted"), (99, "refused")])
def test_what_a_message_carries_is_the_events_result(amount, outcome):
    player = play(TALK).start(begin={"number": 7, "amount": 300}).receive("hear", amount=amount)
    assert player.values["hear"] == {"amount": amount}
    assert player.changes.outcome == outcome
    assert "hear" in player.visits(VisitKind.COMPLETED)


def test_nobody_receives_twice():
    player = play(TALK).start(begin={"number": 7, "amount": 300})
    state = player.changes
    waiting = next(iter(player.awaited.values()))
    player.receive("hear", amount=1)
    player.changes, player.awaited = player.changes, {waiting.task_id: waiting}
    with pytest.raises(Stale):
        player.receive("hear", amount=1)
    assert state.outcome is None


def test_a_message_at_the_end_is_sent_with_the_outcome():
    text = diagram(start(), sends("told", "endEvent", AMOUNT), line("begin", "told"))
    changes = play(text).start(begin={"number": "A-1", "amount": 3}).changes
    assert (changes.outcome, changes.sent[0].element, changes.sent[0].payload) == ("told", "told", {"amount": 3})


@pytest.mark.parametrize("number", [None, "", "  ", "x" * 201, [1]])
def test_a_key_that_is_none_is_an_incident(number):
    with pytest.raises(RunError, match="shenpi:key"):
        play(TALK).start(begin={"number": number, "amount": 300})


@pytest.mark.parametrize(("number", "key"), [(3, "3"), (3.0, "3"), (True, "true"), (" A ", "A"), (2.5, "2.5")])
def test_keys_are_compared_as_text(number, key):
    assert play(TALK).start(begin={"number": number}).changes.sent[0].key == key


def test_a_message_may_not_carry_everything():
    with pytest.raises(RunError, match="内容太多"):
        play(TALK).start(begin={"number": 7, "amount": "x" * 60_000})


INTERRUPTED = diagram(
    start(),
    people("draft"),
    at_border("called_off", "draft", interrupting=True),
    ends("done", "stopped"),
    line("begin", "draft", "done"),
    line("called_off", "stopped"),
)


def test_a_message_at_the_border_interrupts():
    player = play(INTERRUPTED).start(begin={"number": 1}).receive("called_off", amount=5)
    assert player.changes.outcome == "stopped"
    assert player.visits(VisitKind.CANCELLED) == ["draft"]
    assert player.values["called_off"] == {"amount": 5}


def test_what_stands_at_the_border_waits_no_longer_than_its_host():
    player = play(INTERRUPTED).start(begin={"number": 1}).complete("draft")
    assert player.awaited == {}
    assert player.changes.unawaited != ()


NOTED = diagram(
    start(),
    people("draft", "look"),
    at_border("noted", "draft", interrupting=False),
    ends("done", "seen"),
    line("begin", "draft", "done"),
    line("noted", "look", "seen"),
)


def test_a_message_that_interrupts_nothing_is_awaited_again():
    player = play(NOTED).start(begin={"number": 1})
    for amount in (1, 2, 3):
        player.receive("noted", amount=amount)
        assert player.values["noted"] == {"amount": amount}
        assert [one.element for one in player.awaited.values()] == ["noted"]
    assert player.at == ["draft", "look", "look", "look"]
    player.complete("draft")
    assert player.awaited == {}
    for _ in range(3):
        assert not player.changes.is_ended
        player.complete("look")
    assert player.changes.outcome == "done"


def test_a_reminder_comes_again_and_again():
    text = diagram(
        start(),
        people("draft"),
        border("remind", "draft", interrupting=False, due="R3/P1D"),
        ends("done", "reminded"),
        line("begin", "draft", "done"),
        line("remind", "reminded"),
    )
    player = play(text).start()
    first = player.changes.state
    player.wake("remind", again=True)
    assert player.armed == ["remind"]
    player.wake("remind", again=True).wake("remind")
    assert player.armed == []
    assert player.at == ["draft"]
    assert len(player.changes.state) < len(first)
    assert player.complete("draft").changes.outcome == "done"


def test_a_race_between_a_message_and_a_deadline():
    text = diagram(
        start(),
        gateways("eventBased", "either"),
        awaits("hear"),
        timer("patience"),
        ends("heard", "silent"),
        line("begin", "either", "hear", "heard"),
        line("either", "patience", "silent"),
    )
    player = play(text).start(begin={"number": 1})
    assert (player.armed, [one.element for one in player.awaited.values()]) == (["patience"], ["hear"])
    assert player.receive("hear", amount=1).changes.outcome == "heard"
    assert player.armed == []
    late = play(text).start(begin={"number": 1}).wake("patience")
    assert (late.changes.outcome, late.awaited) == ("silent", {})


def test_a_new_round_takes_away_what_the_last_one_heard():
    text = diagram(
        start(),
        awaits("hear"),
        people("judge"),
        gateways("exclusive", "is_good"),
        ends("done"),
        line("begin", "hear", "judge", "is_good"),
        flow("is_good", "done", "judge.verdict == 'agree'"),
        flow("is_good", "hear", "judge.verdict != 'agree'"),
    )
    player = play(text).start(begin={"number": 1}).receive("hear", amount=1).complete("judge", "refuse")
    assert "hear" not in player.values
    assert player.receive("hear", amount=2).complete("judge", "agree").changes.outcome == "done"


def test_messages_within_a_called_process_and_a_group():
    callee = diagram(
        start(),
        within(
            "group",
            start("open"),
            sends("ask", shenpi_key="params.number"),
            ends("asked"),
            line("open", "ask", "asked"),
        ),
        awaits("hear", shenpi_key="params.number"),
        ends("done"),
        line("begin", "group", "hear", "done"),
        key="talk",
    )
    handed = '<shenpi:in name="number" value="begin.number"/><shenpi:out name="amount" value="hear.amount"/>'
    text = diagram(start(), call("talk", "talk", handed), ends("done"), line("begin", "talk", "done"))
    player = play(text, talk=callee).start(begin={"number": 9})
    assert (player.changes.sent[0].element, player.changes.sent[0].key) == ("talk/ask", "9")
    player.receive("talk/hear", amount=4)
    assert player.values["talk"]["amount"] == 4
    assert player.changes.is_ended


def test_a_jump_takes_the_waits_along():
    text = diagram(start(), people("draft"), awaits("hear"), ends("done"), line("begin", "draft", "hear", "done"))
    player = play(text).start(begin={"number": 1}).complete("draft").jump("draft")
    assert (player.at, player.awaited) == (["draft"], {})
    assert [one.element for one in player.complete("draft").changes.awaited] == ["hear"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (sends("ask", shenpi_message=""), "消息的名称"),
        (sends("ask", shenpi_message="Bad Name"), "消息的名称"),
        (sends("ask", shenpi_key=" "), "凭什么对上"),
        (sends("ask", shenpi_key="begin."), "begin."),
        (sends("ask", shenpi_to="city"), "shenpi:to"),
        (sends("ask", shenpi_life="P3Y"), "shenpi:life"),
        (sends("ask", shenpi_life="soon"), "shenpi:life"),
        (sends("ask", shenpi_fields="amount"), "没有属性"),
        (sends("ask", params='<shenpi:param name="A B" value="1"/>'), "“A B”名称不能用"),
        (awaits("ask", shenpi_from="city"), "shenpi:from"),
        (awaits("ask", shenpi_fields="amount amount"), "不同的名称"),
        (awaits("ask", shenpi_to="own"), "没有属性"),
        (awaits("ask", shenpi_due="P1D"), "没有属性"),
        (element("intermediateThrowEvent", "ask"), "等什么或者发什么"),
        (element("sendTask", "ask"), "带消息的中间抛出事件"),
        (element("receiveTask", "ask"), "等消息的中间捕获事件"),
        (timer("ask").replace("shenpi:due", "shenpi:message"), "没有属性"),
    ],
)
def test_what_a_message_must_say(event, words):
    with pytest.raises(PackageError) as raised:
        compiled(diagram(start(), event, ends("done"), line("begin", "ask", "done")))
    assert any(words in problem.text for problem in raised.value.problems)


def test_what_was_heard_is_forgotten_when_the_event_waits_anew():
    # The way back leads to the event in the very step that received the message.
    text = diagram(
        start(), gateways("exclusive", "back"), awaits("hear"), element("exclusiveGateway", "enough", default="enough_to_done"),
        ends("done"), line("begin", "back", "hear", "enough", "done"), flow("enough", "back", "hear.amount < 100"),
    )  # fmt: skip
    player = play(text).start(begin={"number": 7}).receive("hear", amount=50)
    assert "hear" not in player.values
    assert player.receive("hear", amount=100).changes.outcome == "done"
    assert player.values["hear"] == {"amount": 100}
