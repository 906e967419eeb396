"""What departs from the BPMN schema is told in Chinese, with line and element."""

import re

import pytest

from app.engine.checks import check_package
from app.engine.checks.schema import MOST, check_schema
from app.engine.problems import Problem, Report
from app.engine.xml import parse_xml
from tests.unit.engine.playing import diagram, ends, line, package, people, start

PLAIN = diagram(start(), people("a"), ends("done"), line("begin", "a", "done")).replace("><", ">\n<")
END = '<bpmn:endEvent id="done" name="done">'
# Names of the standard and quoted values are as they are.
OURS = re.compile(r"<\w+>|“[^”]*”|属性 \w+|BPMN 2\.0|definitions|shenpi|BPMN")


def problems(text: str) -> list[Problem]:
    return list(check_schema(parse_xml(text, Report("case.bpmn")), "case.bpmn"))


@pytest.mark.parametrize(
    ("old", "new", "element", "words"),
    [
        ('id="a"', 'id="a" colour="red"', "a", "<userTask> 没有属性 colour"),
        (END, f"{END}<bpmn:foo/>", "done", "<foo> 不能写在这里"),
        (END, '<bpmn:endEvent id="1 x" name="done">', "1 x", "编号“1 x”不对"),
        ('id="a"', 'id="begin"', "begin", "编号“begin”用了不止一次"),
        ('sourceRef="a" targetRef="done"', 'sourceRef="a"', "a_to_done", "<sequenceFlow> 缺少属性 targetRef"),
        (END, f"{END}words<bpmn:terminateEventDefinition/>", "done", "不能直接写文字"),
        ('isExecutable="true"', 'isExecutable="maybe"', "case", "<process> 里的值“maybe”不对"),
        (END, f"{END}<bpmn:incoming>a:b:c</bpmn:incoming>", "done", "<incoming> 里的值“a:b:c”不对"),
        (END, f'<bpmn:parallelGateway id="p" gatewayDirection="Up"/>{END}', "p", "没有“Up”这个值"),
        ('targetNamespace="urn:shenpi:processes"', "", "", "缺少属性 targetNamespace"),
        (END, f'<bpmn:boundaryEvent id="late"/>{END}', "late", "<boundaryEvent> 缺少属性 attachedToRef"),
        (END, f'{END}<bpmn:documentation/><bpmn:documentation xmlns="" textFormat=""><x/></bpmn:documentation><bpmn:extensionElements/><bpmn:documentation/>', "done", "<documentation> 不能写在这里"),
    ],
)  # fmt: skip
def test_each_departure_is_told_at_its_element(old, new, element, words):
    assert old in PLAIN
    found = problems(PLAIN.replace(old, new, 1))
    assert (element, "bpmn-schema") in {(problem.element, problem.rule) for problem in found}
    assert any(words in problem.text for problem in found), [problem.text for problem in found]
    for problem in found:
        assert not re.search("[A-Za-z]{2}", OURS.sub("", problem.text)), problem.text
        assert problem.text.endswith("。")


def test_a_problem_names_its_line():
    assert "第 5 行" in problems(PLAIN.replace('id="a"', 'id="a" colour="red"', 1))[0].text


def test_another_prefix_is_as_good():
    other = PLAIN.replace("bpmn:", "model:").replace("xmlns:bpmn", "xmlns:model")
    unprefixed = PLAIN.replace("bpmn:", "").replace("xmlns:bpmn", "xmlns")
    assert problems(other) == problems(unprefixed) == []
    assert problems(unprefixed.replace('id="a"', 'id="a" colour="red"', 1))[0].element == "a"


def test_a_file_full_of_departures_is_told_in_part():
    assert len(problems(PLAIN.replace(END, "<bpmn:foo/>" + '<bpmn:endEvent id="done" name="done" x="1">'))) <= MOST
    many = "".join(f'<bpmn:userTask id="t{place}" colour="red"/>' for place in range(MOST + 5))
    assert len(problems(PLAIN.replace(END, many + END, 1))) == MOST


def test_the_schema_is_asked_though_the_diagram_cannot_be_read():
    text = PLAIN.replace('id="a"', 'id="a" colour="red" startQuantity="2"', 1)
    assert {("a", "bpmn-schema"), ("a", "quantity")} <= {
        (one.element, one.rule) for one in check_package(package(text))
    }
