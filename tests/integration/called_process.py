"""Three processes for tests alone: one that calls a review, which calls a scoring; packages drawn in a line."""

from itertools import pairwise

from app.engine.package import ProcessPackage, package_from_files

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">'
)
FORM = """{{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {{"id": "t", "type": "{type}", "key": "{key}", "label": "{label}", "validate": {{"required": true}}}}]}}"""


def flows(*names: str) -> str:
    return "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names))


def task(name: str, title: str, role: str, attributes: str = "", verdicts: str = "agree return") -> str:
    return (
        f'<bpmn:userTask id="{name}" name="{title}" shenpi:role="{role}" shenpi:verdicts="{verdicts}" '
        f'shenpi:ask="请{title}。" shenpi:next="下一步由别人办。" {attributes}/>'
    )


def call(name: str, title: str, called: str, parameters: str = "") -> str:
    inner = f"<bpmn:extensionElements>{parameters}</bpmn:extensionElements>" if parameters else ""
    return f'<bpmn:callActivity id="{name}" name="{title}" calledElement="{called}">{inner}</bpmn:callActivity>'


def package(key: str, title: str, body: str, manifest: str = "", **files: str) -> ProcessPackage:
    head = f'key = "{key}"\ntitle = "{title}"\ncode = "{key[:2].upper()}"\ncategory = "其他"\n'
    process = (
        f'{HEAD}<bpmn:process id="{key}" name="{title}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    )
    named = {
        name.replace("__", "/").replace("_json", ".json").replace("_txt", ".txt"): text for name, text in files.items()
    }
    return package_from_files(
        {"process.toml": head + manifest, f"{key}.bpmn": process, "scenarios.yaml": "scenarios: []\n", **named}
    )


START = '<bpmn:startEvent id="begin" name="开始"/>'
ASK = '<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher studio_host"/>'
ASK_FORM = FORM.format(type="textfield", key="topic", label="内容")
DONE = '<bpmn:endEvent id="done" name="已办"/>'
LATE = (
    '<bpmn:boundaryEvent id="too_late" attachedToRef="review" shenpi:due="P5D">'
    '<bpmn:timerEventDefinition id="too_late_t"/></bpmn:boundaryEvent><bpmn:endEvent id="late" name="已超时"/>'
)


def outer() -> ProcessPackage:
    """Ask, have it reviewed, decide."""
    review = call(
        "review",
        "送审",
        "review",
        '<shenpi:in name="topic" value="ask.topic"/><shenpi:out name="points" value="score.points"/>',
    )
    body = (
        f"{ASK}{review}{LATE}{task('decide', '决定', 'principal', verdicts='agree return')}{DONE}"
        f"{flows('ask', 'review', 'decide', 'done')}{flows('too_late', 'late')}"
    )
    return package("outer", "要送审的事", body, 'title_template = "{ask.topic}"\n', forms__ask_json=ASK_FORM)


def review() -> ProcessPackage:
    """Have it scored, confirm with a signature over nothing but the points."""
    score = call(
        "score",
        "打分",
        "scoring",
        '<shenpi:in name="topic" value="params.topic"/><shenpi:out name="points" value="mark.points"/>',
    )
    confirm = task("confirm", "复核", "deputy_principal")
    notice = '[[notices]]\nat = "confirm"\ntext = "confirm"\nto = ["finance_officer"]\n'
    body = f"{START}{score}{confirm}{DONE}{flows('begin', 'score', 'confirm', 'done')}"
    return package("review", "送审的办法", body, notice, notices__confirm_txt="{case.title}得了 {score.points} 分。")


def scoring(title: str = "填分数") -> ProcessPackage:
    """Mark and countersign, two people."""
    mark = task("mark", title, "finance_officer", 'shenpi:form="mark"', "submit return")
    sign = (
        '<bpmn:userTask id="countersign" name="核对签字" shenpi:role="legal_representative" shenpi:verdicts="sign return" '
        'shenpi:ask="请签字。" shenpi:signature="我已核对分数。" shenpi:signs="mark" shenpi:distinctFrom="mark"/>'
    )
    form = FORM.format(type="number", key="points", label="分数")
    body = f"{START}{mark}{sign}{DONE}{flows('begin', 'mark', 'countersign', 'done')}"
    return package("scoring", "打分的办法", body, forms__mark_json=form)
