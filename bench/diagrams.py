"""The processes of the workloads, each drawn twice: with our vocabulary, and plain for the yardstick.

They are generated, so that a long one differs from a short one in its length alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.package import ProcessPackage, package_from_files

# An expense as people file it, with the rows that it usually has.
FORM = """{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {"type": "textfield", "key": "purpose", "label": "用途", "validate": {"required": true, "maxLength": 200}, "id": "c1"},
  {"type": "number", "key": "amount", "label": "金额", "properties": {"format": "money"}, "validate": {"required": true}, "id": "c2"},
  {"type": "textfield", "key": "payee", "label": "收款人", "id": "c3"},
  {"type": "textfield", "key": "place", "label": "地点", "id": "c4"},
  {"type": "datetime", "subtype": "date", "key": "held_on", "dateLabel": "日期", "id": "c5"},
  {"type": "dynamiclist", "path": "items", "label": "明细", "id": "c6", "components": [
    {"type": "textfield", "key": "name", "label": "名称", "id": "c7"},
    {"type": "number", "key": "quantity", "label": "数量", "id": "c8"},
    {"type": "number", "key": "amount", "label": "金额", "properties": {"format": "money"}, "id": "c9"}]},
  {"type": "dynamiclist", "path": "invoices", "label": "发票", "id": "c10", "components": [
    {"type": "textfield", "key": "number", "label": "号码", "id": "c11"},
    {"type": "number", "key": "amount", "label": "金额", "properties": {"format": "money"}, "id": "c12"}]}]}"""
FIELDS = {
    "purpose": "跨校主题班会观摩活动：研修资料印制",
    "amount": 448_800,
    "payee": "云澜市青禾图文印务",
    "place": "松风路小学报告厅",
    "held_on": "2026-11-20",
    "items": [
        {"name": "研修资料印制", "quantity": 40, "amount": 240_000},
        {"name": "活动手册", "quantity": 60, "amount": 108_800},
        {"name": "桌签和展板", "quantity": 12, "amount": 60_000},
        {"name": "资料袋", "quantity": 60, "amount": 40_000},
    ],
    "invoices": [
        {"number": "26440826000103847562", "amount": 348_800},
        {"number": "26440826000103847563", "amount": 100_000},
    ],
}
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:bench">'
)


@dataclass(frozen=True)
class Task:
    """A user task, with the attributes that it has in our vocabulary."""

    id: str
    name: str
    ours: str


@dataclass(frozen=True)
class Flow:
    """A sequence flow, with its condition in our words and in the yardstick's."""

    source: str
    target: str
    ours: str = ""
    plain: str = ""

    @property
    def id(self) -> str:
        """Return an id of its own."""
        return f"{self.source}_to_{self.target}"


@dataclass(frozen=True)
class Drawing:
    """A process before it is written as BPMN."""

    key: str
    tasks: tuple[Task, ...]
    # Exclusive gateways with their default flow; without one it joins.
    gateways: tuple[tuple[str, str | None], ...]
    ends: tuple[str, ...]
    flows: tuple[Flow, ...]
    notice_at: str

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return 1 + len(self.tasks) + len(self.gateways) + len(self.ends)

    def package(self) -> ProcessPackage:
        """Return the process as we publish it: with a form, and a notice that goes through the outbox."""
        manifest = (
            f'key = "{self.key}"\ntitle = "测量"\ncode = "CL"\ncategory = "其他"\ntitle_template = "{{start.purpose}}"\n'
            f'amount = "start.amount"\n[[notices]]\nat = "{self.notice_at}"\nto = ["finance_officer"]\ntext = "due"\n'
        )
        files = {
            "process.toml": manifest,
            f"{self.key}.bpmn": self._xml(is_ours=True),
            "forms/fill.json": FORM,
            "notices/due.txt": "“{case.title}”等您办理。",
            "scenarios.yaml": "scenarios: []\n",
        }
        return package_from_files(files)

    def plain(self) -> str:
        """Return the process as any engine reads it."""
        return self._xml(is_ours=False)

    def _xml(self, *, is_ours: bool) -> str:
        parts = "".join((*self._nodes(is_ours=is_ours), *self._flows(is_ours=is_ours)))
        process = f'<bpmn:process id="{self.key}" name="测量" isExecutable="true">{parts}</bpmn:process>'
        return f"{HEAD}{process}</bpmn:definitions>"

    def _nodes(self, *, is_ours: bool) -> Iterator[str]:
        start = 'shenpi:form="fill" shenpi:roles="teacher"' if is_ours else ""
        yield f'<bpmn:startEvent id="start" name="开始" {start}/>'
        for task in self.tasks:
            yield f'<bpmn:userTask id="{task.id}" name="{task.name}" {task.ours if is_ours else ""}/>'
        for name, default in self.gateways:
            otherwise = f'default="{default}"' if default else ""
            yield f'<bpmn:exclusiveGateway id="{name}" name="{name}" {otherwise}/>'
        for end in self.ends:
            yield f'<bpmn:endEvent id="{end}" name="{end}"/>'

    def _flows(self, *, is_ours: bool) -> Iterator[str]:
        for flow in self.flows:
            condition = (flow.ours if is_ours else flow.plain).replace("&", "&amp;").replace("<", "&lt;")
            inner = condition and (
                f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
            )
            ends = f'sourceRef="{flow.source}" targetRef="{flow.target}"'
            yield f'<bpmn:sequenceFlow id="{flow.id}" {ends}>{inner}</bpmn:sequenceFlow>'


FILLED = 'shenpi:role="initiator" shenpi:verdicts="submit" shenpi:form="fill" shenpi:ask="请填写。"'
AGREED = 'shenpi:role="principal" shenpi:verdicts="agree return" shenpi:ask="请审核。"'
BOOKED = 'shenpi:role="finance_officer" shenpi:verdicts="accept refuse" shenpi:ask="请记账。"'


def ten_elements() -> Drawing:
    """Draw a case of three user-task steps: fill in, approve by amount, book."""
    return Drawing(
        key="ten",
        tasks=(
            Task("fill_in", "填写", FILLED),
            Task("approve_small", "审核", AGREED),
            Task("approve_large", "审核大额", AGREED),
            Task("book", "记账", BOOKED),
        ),
        gateways=(("by_amount", "by_amount_to_approve_small"), ("meet", None), ("is_booked", "is_booked_to_refused")),
        ends=("booked", "refused"),
        flows=(
            Flow("start", "fill_in"),
            Flow("fill_in", "by_amount"),
            Flow("by_amount", "approve_large", "fill_in.amount > 1000000", "amount > 1000000"),
            Flow("by_amount", "approve_small"),
            Flow("approve_small", "meet"),
            Flow("approve_large", "meet"),
            Flow("meet", "book"),
            Flow("book", "is_booked"),
            Flow("is_booked", "booked", 'book.verdict == "accept"', 'verdict == "accept"'),
            Flow("is_booked", "refused"),
        ),
        notice_at="book",
    )


def chain(key: str, length: int, *, ahead: bool) -> Drawing:
    """Draw tasks in a row, with 4 elements around them; the first can be asked again and again, or the last.

    So a case can be kept where all of the chain lies ahead, or behind.
    """
    names = [f"step_{number:02d}" for number in range(1, length + 1)]
    asked = 0 if ahead else len(names) - 1
    line = ["start", *names[:asked], "enter", names[asked], "is_agreed", *names[asked + 1 :], "done"]
    again = f'{names[asked]}.verdict == "return"'
    return Drawing(
        key=key,
        tasks=tuple(Task(name, name, AGREED) for name in names),
        gateways=(("enter", None), ("is_agreed", f"is_agreed_to_{line[line.index('is_agreed') + 1]}")),
        ends=("done",),
        flows=(*map(Flow, line, line[1:]), Flow("is_agreed", "enter", again, 'verdict == "return"')),
        notice_at=names[asked],
    )
