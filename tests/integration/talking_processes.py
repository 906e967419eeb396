"""Processes for tests alone that talk: a school asks its bureau and waits for the reply."""

from app.engine.package import ProcessPackage
from tests.integration.called_process import ASK_FORM, DONE, FORM, flows, package, task

EVENT = "<bpmn:messageEventDefinition/>"
LATE = '<bpmn:endEvent id="late" name="已超时"/>'


def ask(roles: str) -> str:
    return f'<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="{roles}"/>'


def sends(name: str, title: str, attributes: str, params: str = "", kind: str = "intermediateThrowEvent") -> str:
    inner = f"<bpmn:extensionElements>{params}</bpmn:extensionElements>" if params else ""
    return f'<bpmn:{kind} id="{name}" name="{title}" {attributes}>{inner}{EVENT}</bpmn:{kind}>'


def hears(name: str, title: str, attributes: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{name}" name="{title}" {attributes}>{EVENT}</bpmn:intermediateCatchEvent>'


def at_border(name: str, host: str, attributes: str) -> str:
    return (
        f'<bpmn:boundaryEvent id="{name}" name="收到" attachedToRef="{host}" {attributes}>{EVENT}</bpmn:boundaryEvent>'
    )


def timer(name: str, host: str, attributes: str) -> str:
    inner = f'<bpmn:timerEventDefinition id="{name}_t"/>'
    return f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}" {attributes}>{inner}</bpmn:boundaryEvent>'


def requester() -> ProcessPackage:
    """A school's case sends a request to the bureau and waits for the reply under its own serial number."""
    params = '<shenpi:param name="reply_to" value="case.serial"/><shenpi:param name="topic" value="ask.topic"/>'
    body = (
        ask("teacher")
        + sends("request", "请示", 'shenpi:message="request" shenpi:key="ask.topic" shenpi:to="parent"', params)
        + hears(
            "reply",
            "批复",
            'shenpi:message="reply" shenpi:key="case.serial" shenpi:from="parent" shenpi:fields="words"',
        )
        + DONE
        + flows("ask", "request", "reply", "done")
    )
    return package("requester", "请示", body, forms__ask_json=ASK_FORM)


def replier() -> ProcessPackage:
    """A bureau's case waits for a request and replies to whoever asked."""
    heard = 'shenpi:message="request" shenpi:key="ask.topic" shenpi:from="children" shenpi:fields="reply_to topic"'
    body = (
        ask("bureau_admin")
        + hears("hear", "收文", heard)
        + task("answer", "批示", "bureau_admin", 'shenpi:form="answer"', "submit")
        + sends(
            "reply",
            "批复",
            'shenpi:message="reply" shenpi:key="hear.reply_to" shenpi:to="children" shenpi:life="P5D"',
            '<shenpi:param name="words" value="answer.words"/>',
            "endEvent",
        )
        + flows("ask", "hear", "answer", "reply")
    )
    form = FORM.format(type="textfield", key="words", label="批示")
    return package("replier", "批复", body, forms__ask_json=ASK_FORM, forms__answer_json=form)


def listener() -> ProcessPackage:
    """A case whose task is noted, called off, or late."""
    noted = 'cancelActivity="false" shenpi:message="note" shenpi:key="ask.topic" shenpi:fields="words"'
    stopped = 'shenpi:message="call_off" shenpi:key="ask.topic"'
    body = (
        ask("teacher")
        + task("work", "办理", "teacher", verdicts="submit")
        + at_border("noted", "work", noted)
        + task("read", "阅知", "teacher", verdicts="submit")
        + at_border("called_off", "work", stopped)
        + timer("too_late", "work", 'shenpi:due="P9D"')
        + DONE
        + LATE
        + '<bpmn:endEvent id="seen" name="已阅"/><bpmn:endEvent id="stopped" name="已取消"/>'
        + flows("ask", "work", "done")
        + flows("noted", "read", "seen")
        + flows("called_off", "stopped")
        + flows("too_late", "late")
    )
    return package("listener", "听着的事", body, forms__ask_json=ASK_FORM)
