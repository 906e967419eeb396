import pytest

from app.engine.decisions import decide, read_decisions
from app.engine.decisions.model import DecisionTable
from app.engine.problems import PackageError
from tests.unit.decisions.building import DMN_1_3, NAMESPACES, data, file_of, literal, read, requirement, table

YEARS = ("years", "number")
RANK = ("rank", "string")
SMALL = table([YEARS], [RANK], [(["> 3"], ['"senior"'])])


def problems_of(text):
    with pytest.raises(PackageError) as caught:
        read_decisions("test.dmn", text)
    return [(problem.element, problem.rule, problem.text) for problem in caught.value.problems]


def only_problem_of(*decisions, inputs=""):
    (problem,) = problems_of(file_of(*decisions, inputs=inputs))
    return problem


@pytest.mark.parametrize("language", ["javascript", "http://www.w3.org/1999/XPath"])
def test_another_language_of_the_whole_file_is_refused(language):
    text = file_of(SMALL).replace('id="file"', f'id="file" expressionLanguage="{language}"')
    ((_element, rule, sentence),) = problems_of(text)
    assert rule == "dmn-language"
    assert language in sentence


def input_type(text, beside):
    logic = read(text, inputs=beside).decisions["judge"].logic
    assert isinstance(logic, DecisionTable)
    return logic.inputs[0].type


@pytest.mark.parametrize("version", NAMESPACES)
@pytest.mark.parametrize("prefix", ["", "dmn", "semantic", "一", "_x-y.z"])
def test_every_version_and_prefix_is_read(version, prefix):
    text = file_of(SMALL, namespace=NAMESPACES[version], prefix=prefix)
    assert decide(read_decisions("test.dmn", text), "judge", {"years": 4}).result == "senior"


@pytest.mark.parametrize("namespace", ["", "urn:other", "https://www.omg.org/spec/DMN/20240513/MODEL/"])
def test_another_namespace_is_no_dmn(namespace):
    assert problems_of(file_of(SMALL, namespace=namespace))[0][1] == "dmn"


@pytest.mark.parametrize(
    "language",
    ["feel", "FEEL", "S-FEEL", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"],
)
def test_every_name_of_feel_is_understood(language):
    text = file_of(SMALL.replace("<inputEntry>", f'<inputEntry expressionLanguage="{language}">'))
    assert decide(read_decisions("test.dmn", text), "judge", {"years": 4}).result == "senior"


@pytest.mark.parametrize("reference", ["number", "feel:number", "double", "tYears"])
def test_a_type_may_be_named_in_many_ways(reference):
    types = '<itemDefinition name="tYears"><typeRef>feel:number</typeRef></itemDefinition>'
    text = table([("years", reference)], [RANK], [(["> 3"], ['"senior"'])])
    assert input_type(text, types).kind == "number"


def test_a_type_of_the_file_brings_its_allowed_values():
    types = (
        '<itemDefinition name="tTitle"><typeRef>tText</typeRef></itemDefinition>'
        '<itemDefinition name="tText"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
    )
    text = table([("title", "")], [RANK], [(["-"], ['"x"'])])
    assert input_type(text, types + data("title", "tTitle")).choices == ("a", "b")


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<context/>", "上下文"),
        ("<functionDefinition/>", "函数定义"),
        ("<invocation/>", "调用"),
        ("<list/>", "列表"),
        ("<relation/>", "关系表"),
        ("<conditional/>", "条件框"),
        ("<filter/>", "筛选"),
        ("<for/>", "循环"),
        ("<every/>", "全部满足"),
        ("<some/>", "有的满足"),
        ("<surprise/>", "不认识 surprise"),
        ("<knowledgeRequirement/>", "知识需求"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(inner, words):
    element, rule, text = only_problem_of(f'<decision id="odd" name="odd">{inner}</decision>', SMALL)
    assert (element, rule) == ("odd", "dmn-vocabulary")
    assert words in text


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        ('<businessKnowledgeModel id="odd"><encapsulatedLogic/></businessKnowledgeModel>', "BKM"),
        ('<decisionService id="odd"/>', "决策服务"),
        ('<import namespace="urn:x" importType="x"/>', "导入"),
        ('<itemDefinition id="odd" name="t"><itemComponent name="c"/></itemDefinition>', "结构类型"),
    ],
)
def test_what_stands_beside_decisions_is_refused_by_name(beside, words):
    assert words in only_problem_of(SMALL, inputs=beside)[2]


def test_notes_drawings_and_other_tools_extensions_do_no_harm():
    beside = (
        '<knowledgeSource id="s" name="s"/><textAnnotation id="t"><text>x</text></textAnnotation>'
        '<extensionElements><tool:x xmlns:tool="urn:tool"><tool:context/></tool:x></extensionElements>'
        '<di:DMNDI xmlns:di="https://www.omg.org/spec/DMN/20191111/DMNDI/"><di:DMNDiagram id="d"/></di:DMNDI>'
    )
    assert read(SMALL, inputs=beside).decisions.keys() == {"judge"}


@pytest.mark.parametrize(
    ("decision", "rule", "words"),
    [
        (SMALL.replace("&gt; 3", "&gt; 3)"), "dmn-cell", "第 1 条规则“years”"),
        (SMALL.replace('"senior"', "count(x)"), "dmn-cell", "没有函数 count"),
        (SMALL.replace(">years<", ">years[1]<"), "dmn-cell", "第 1 个输入"),
        (SMALL.replace("UNIQUE", "SOME"), "dmn-hit-policy", "SOME"),
        (SMALL.replace("UNIQUE", 'FIRST" aggregation="SUM'), "dmn-hit-policy", "COLLECT"),
        (SMALL.replace("UNIQUE", 'COLLECT" aggregation="MEAN'), "dmn-hit-policy", "MEAN"),
        (table([YEARS], [RANK, ("x",)], [(["-"], ["1", "2"])], "COLLECT", "SUM"), "dmn-hit-policy", "一个输出"),
        (SMALL.replace('typeRef="number"', 'typeRef="time"'), "dmn-type", "time"),
        (SMALL.replace("<inputEntry>", '<inputEntry expressionLanguage="juel">'), "dmn-language", "juel"),
        (SMALL.replace("<inputEntry><text>&gt; 3</text></inputEntry>", ""), "dmn-table", "第 1 条规则"),
        (table([YEARS], [RANK], []), "dmn-table", "一条规则"),
        (table([YEARS], [], [(["-"], [])]), "dmn-table", "一个输出"),
        (table([("", "number")], [RANK], [(["-"], ["1"])]), "dmn-table", "input expression"),
        (table([YEARS], [RANK, ("", "string")], [(["-"], ["1", "2"])]), "dmn-table", "名称"),
        (table([YEARS], [RANK], [(["-"], ["1"])] * 501), "dmn-size", "500"),
        (table([YEARS] * 31, [RANK], [(["-"] * 31, ["1"])]), "dmn-size", "30"),
        ('<decision id="d" name="d"/>', "dmn-logic", "没有内容"),
        ('<decision name="d"><literalExpression><text>1</text></literalExpression></decision>', "dmn-id", "编号"),
        (literal("1", requires=requirement("nobody")), "dmn-requirement", "nobody"),
        (literal("1", requires=requirement(data=["nobody"])), "dmn-requirement", "nobody"),
        (literal("1", requires=requirement("judge")), "dmn-requirement", "圈"),
        (SMALL.replace("judge_1", "judge"), "dmn-id", "重复"),
    ],
)
def test_what_is_wrong_is_told_with_place_and_reason(decision, rule, words):
    found = only_problem_of(decision)
    assert found[1] == rule
    assert words in found[2]


def test_circles_are_shown_with_their_way():
    text = file_of(literal("b", "a", requirement("b")), literal("a", "b", requirement("a")))
    ((_element, rule, sentence),) = problems_of(text)
    assert rule == "dmn-requirement"
    assert "a → b" in sentence or "b → a" in sentence


def test_a_result_is_used_only_along_a_line():
    assert "画出到它的连线" in only_problem_of(literal("1", "a"), literal("a + 1", "b"))[2]


def test_a_list_is_no_input_of_another_decision():
    many = table([YEARS], [RANK], [(["-"], ['"x"'])], "RULE ORDER", name="many")
    assert "一列结果" in only_problem_of(many, literal("many", "top", requirement("many")))[2]


@pytest.mark.parametrize("name", ["1st", "a-b", "年限（年）", "a  . b"])
def test_a_name_that_no_expression_could_write_is_refused(name):
    assert only_problem_of(SMALL, inputs=data("x", "number", name))[1] == "dmn-name"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "<definitions/>",
        "<!DOCTYPE definitions [<!ENTITY a 'x'>]>" + file_of(SMALL),
        file_of(),
        file_of(SMALL, inputs="".join(data(f"d{number}", "number", f"a {number}b") for number in range(201))),
        file_of(*(literal("1", f"d{number}") for number in range(51))),
        file_of(
            SMALL,
            inputs="".join(
                f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>' for n in range(5_000)
            ),
        ),
        file_of(SMALL, inputs='<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>'),
        file_of(
            SMALL, inputs='<itemDefinition name="t" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
        ),
        file_of(f"<decision id='d' name='d'>{'<context>' * 200}{'</context>' * 200}</decision>"),
        file_of(SMALL + "<!--" + "x" * 1_000_000 + "-->"),
        file_of(*(literal(f"d{n + 1}", f"d{n}", requirement(f"d{n + 1}")) for n in range(49)), namespace=DMN_1_3),
    ],
)
def test_a_broken_or_hostile_file_is_refused(text):
    assert problems_of(text)
