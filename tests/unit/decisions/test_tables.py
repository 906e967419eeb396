import json

import pytest

from app.engine.decisions import DecisionError, Fault, decide, find_decision
from app.engine.decisions.explanations import for_keeping
from tests.unit.decisions.building import data, decided, literal, read, requirement, result_of, table

YEARS = ("years", "number")
LETTER = ("letter", "string", '"C","A","B"')
OVERLAPPING = [(["<= 10"], ['"A"']), ([">= 5"], ['"B"']), (["[5..10]"], ['"C"'])]


def fault_of(text, **values):
    with pytest.raises(DecisionError) as caught:
        decided(text, **values)
    return caught.value


@pytest.mark.parametrize(
    ("policy", "aggregation", "years", "result", "hits"),
    [
        ("UNIQUE", "", 1, "A", [1]),
        ("UNIQUE", "", 11, "B", [2]),
        ("FIRST", "", 7, "A", [1]),
        ("FIRST", "", 11, "B", [2]),
        ("PRIORITY", "", 7, "C", [3]),
        ("PRIORITY", "", 11, "B", [2]),
        ("ANY", "", 1, "A", [1]),
        ("RULE ORDER", "", 7, ["A", "B", "C"], [1, 2, 3]),
        ("OUTPUT ORDER", "", 7, ["C", "A", "B"], [3, 1, 2]),
        ("COLLECT", "", 7, ["A", "B", "C"], [1, 2, 3]),
        ("COLLECT", "COUNT", 7, 3, [1, 2, 3]),
        ("COLLECT", "COUNT", 1, 1, [1]),
        ("COLLECT", "", 1, ["A"], [1]),
    ],
)
def test_a_hit_policy_is_kept(policy, aggregation, years, result, hits):
    outcome = decided(table([YEARS], [LETTER], OVERLAPPING, policy, aggregation), years=years)
    assert outcome.result == result
    assert outcome.explanation["hits"] == hits


@pytest.mark.parametrize(
    ("aggregation", "x", "result"),
    [
        ("SUM", 3, 12.5),
        ("MIN", 3, 2.5),
        ("MAX", 3, 10),
        ("COUNT", 3, 2),
        ("SUM", 9, None),
        ("MIN", 9, None),
        ("COUNT", 9, 0),
    ],
)
def test_collected_numbers_are_aggregated(aggregation, x, result):
    rules = [(["< 5"], ["2.5"]), (["[2..4]"], ["5 * 2"])]
    assert decided(table([("x", "number")], [("fee", "number")], rules, "COLLECT", aggregation), x=x).result == result


@pytest.mark.parametrize("policy", ["RULE ORDER", "OUTPUT ORDER", "COLLECT"])
def test_a_list_is_empty_when_no_rule_matches_unless_there_is_a_default(policy):
    rules = [(["> 5"], ['"A"'])]
    assert decided(table([YEARS], [LETTER], rules, policy), years=1).result == []
    assert decided(table([YEARS], [(*LETTER, '"B"')], rules, policy), years=1).result == ["B"]


def test_unique_refuses_a_second_match_and_names_the_rules():
    error = fault_of(table([YEARS], [LETTER], OVERLAPPING), years=7)
    assert error.fault is Fault.VIOLATION
    assert error.details == {"decision": "judge", "rules": [1, 2, 3]}
    assert "1、2、3" in str(error)
    assert error.explanation["matched"] == [1, 2, 3]


def test_unique_refuses_a_second_match_with_the_same_output():
    assert fault_of(table([YEARS], [LETTER], [(["1"], ['"A"']), (["-"], ['"A"'])]), years=1).fault is Fault.VIOLATION


def test_any_wants_equal_outputs():
    rules = [(["<= 10"], ['"A"']), ([">= 5"], ['"A"']), (["7"], ['"B"'])]
    assert decided(table([YEARS], [LETTER], rules, "ANY"), years=6).result == "A"
    error = fault_of(table([YEARS], [LETTER], rules, "ANY"), years=7)
    assert (error.fault, error.details["rules"]) == (Fault.VIOLATION, [1, 3])


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_no_match_is_an_error_that_shows_every_rule(policy):
    error = fault_of(table([YEARS], [LETTER], [(["> 5"], ['"A"'])], policy), years=5)
    assert error.fault is Fault.NO_MATCH
    assert "years = 5" in str(error)
    cell = {"input": "years", "value": 5, "test": "> 5", "matched": False}
    assert error.explanation["rules"] == [
        {"rule": 1, "id": "judge_1", "matched": False, "inputs": [cell], "outputs": None}
    ]


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_a_default_speaks_when_no_rule_matches(policy):
    outputs = [(*LETTER, '"B"'), ("fee", "number", "", "1 + 1")]
    outcome = decided(table([YEARS], outputs, [(["> 5"], ['"A"', "9"])], policy), years=5)
    assert outcome.result == {"letter": "B", "fee": 2}
    assert outcome.explanation["default"] is True
    assert outcome.explanation["hits"] == []


def test_priority_goes_by_all_outputs_in_order():
    outputs = [("grade", "string", '"high","low"'), ("room", "string", '"east","west"')]
    rules = [(["-"], ['"low"', '"east"']), (["-"], ['"high"', '"west"']), (["> 3"], ['"high"', '"east"'])]
    assert decided(table([YEARS], outputs, rules, "PRIORITY"), years=5).result == {"grade": "high", "room": "east"}
    ordered = decided(table([YEARS], outputs, rules, "OUTPUT ORDER"), years=5)
    assert ordered.explanation["hits"] == [3, 2, 1]
    assert ordered.outputs == {"grade": ["high", "high", "low"], "room": ["east", "west", "east"]}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("number", "5", "要的是数字"),
        ("number", True, "要的是数字"),
        ("integer", 1.5, "要的是整数"),
        ("string", 5, "要的是文字"),
        ("boolean", 1, "要的是真假"),
        ("boolean", "true", "要的是真假"),
        ("date", "2026-13-01", "要的是日期"),
        ("date", "1 September", "要的是日期"),
        ("number", [1], "要的是数字"),
        ("string", {"a": 1}, "要的是文字"),
        ("number", float("inf"), "太大"),
        ("number", 10**400, "太大"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind, value, shown):
    error = fault_of(table([("x", kind)], [("ok", "boolean")], [(["-"], ["true"])]), x=value)
    assert error.fault is Fault.TYPE
    assert error.details["input"] == "x"
    assert shown in str(error)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", 5),
        ("number", 5.5),
        ("integer", 5.0),
        ("date", "2026-09-01"),
        ("string", ""),
        ("boolean", False),
        ("number", None),
    ],
)
def test_a_value_of_the_declared_kind_is_taken(kind, value):
    assert decided(table([("x", kind)], [("ok", "boolean")], [(["-"], ["true"])]), x=value).result is True


def test_a_form_s_day_is_a_date():
    text = table([("on", "date")], [("ok", "boolean")], [(['>= date("2026-09-01")'], ["true"])])
    assert decided(text, on="2026-09-02").explanation["inputs"] == [{"input": "on", "value": "2026-09-02"}]
    assert fault_of(text, on="2026-08-31").fault is Fault.NO_MATCH


def test_a_value_outside_the_allowed_ones_is_refused_with_both_named():
    text = table([("title", "string", '"junior","senior"')], [("ok", "boolean")], [(["-"], ["true"])])
    error = fault_of(text, title="professor")
    assert error.fault is Fault.NOT_ALLOWED
    assert error.details == {
        "decision": "judge",
        "input": "title",
        "value": "professor",
        "allowed": '"junior","senior"',
    }
    assert "professor" in str(error)
    assert decided(text, title="junior").result is True


def test_an_output_outside_its_values_is_refused():
    error = fault_of(table([YEARS], [LETTER], [(["-"], ['"D"'])]), years=1)
    assert (error.fault, error.details["rules"], error.details["output"]) == (Fault.NOT_ALLOWED, [1], "letter")


def test_an_output_of_another_kind_is_refused():
    error = fault_of(table([YEARS], [("fee", "number")], [(["-"], ['"D"'])]), years=1)
    assert (error.fault, error.details["output"]) == (Fault.TYPE, "fee")


def test_a_cell_without_a_value_is_told_by_rule_and_column():
    error = fault_of(table([YEARS], [LETTER], [(["1"], ['"A"']), (["< 1 / 0"], ['"B"'])]), years=1)
    assert error.details == {"decision": "judge", "rules": [2], "input": "years"}
    assert "第 2 条规则“years”一格：除数是 0" in str(error)


def test_what_is_missing_matches_only_a_dash_or_null():
    rules = [(["null"], ['"A"']), (["< 5"], ['"B"']), (["not(5)"], ['"C"'])]
    outcome = decided(table([YEARS], [LETTER], rules))
    assert outcome.result == "A"
    reasons = [rule["inputs"][0].get("reason") for rule in outcome.explanation["rules"]]
    assert reasons[0] is None
    assert "没有值" in reasons[1]
    assert "没有值" in reasons[2]


def test_money_is_whole_fen():
    text = table(
        [("amount", "number")], [("path", "string")], [(["<= 500000"], ['"school"']), (["> 500000"], ['"bureau"'])]
    )
    assert decided(text, amount=500000).result == "school"
    assert decided(text, amount=500001).result == "bureau"


def test_decimals_are_exact():
    assert result_of("a + b = 0.3", a=0.1, b=0.2) is True
    assert result_of("a * 3", a=1.1) == 3.3


def test_decisions_are_made_in_the_order_of_their_requirements():
    years = data("years", "number", "Years of service")
    top = literal('if base points + bonus > 10 then "yes" else "no"', "top", requirement("base", "bonus"))
    base = literal("Years of service * 2", "base", requirement(data=["years"])).replace(
        'name="base"', 'name="base points"'
    )
    bonus = table([("Years of service", "number")], [("bonus", "number", "", "0")], [(["> 3"], ["5"])], name="bonus")
    file = read(top, base, bonus, inputs=years)
    outcome = decide(file, find_decision(file, None).id, {"Years of service": 4, "note": "x"})
    assert outcome.result == "yes"
    assert [one["result"] for one in outcome.explanation["required"]] == [8, 5]
    assert outcome.ignored == ("note",)
    assert decide(file, "top", {"Years of service": 3}).result == "no"


def test_a_result_of_several_outputs_is_read_by_name():
    lower = table([YEARS], [("grade", "string"), ("fee", "number")], [(["-"], ['"A"', "7"])], name="lower")
    file = read(lower, literal("lower.fee + 1", "top", requirement("lower")))
    assert decide(file, "top", {"years": 1}).result == 8


def test_an_input_data_s_kind_holds_for_literal_expressions():
    file = read(literal("on", requires=requirement(data=["on"])), inputs=data("on", "date"))
    assert decide(file, "judge", {"on": "2026-09-01"}).result == "2026-09-01"
    with pytest.raises(DecisionError) as caught:
        decide(file, "judge", {"on": 5})
    assert (caught.value.fault, caught.value.details["input"]) == (Fault.TYPE, "on")


def test_a_literal_expression_keeps_to_its_kind():
    assert decided(literal("1 + 1", kind="number")).result == 2
    assert fault_of(literal("1 + 1", kind="string")).fault is Fault.TYPE


@pytest.mark.parametrize("wanted", [None, "nobody"])
def test_an_unclear_choice_of_decision_lists_the_known_ones(wanted):
    file = read(literal("1", "one"), literal("2", "two"))
    with pytest.raises(DecisionError, match="one、two"):
        find_decision(file, wanted)


def test_everything_found_out_is_json():
    outcome = decided(table([("on", "date"), YEARS], [LETTER], [(["-", "> 0.5"], ['"A"'])]), on="2026-09-01", years=0.7)
    assert json.loads(json.dumps(outcome.as_json())) == outcome.as_json()


def test_what_is_kept_with_a_case_says_each_value_once_and_of_a_large_table_only_what_matched():
    small = for_keeping(decided(table([YEARS], [LETTER], [(["> 0"], ['"A"'])]), years=1).explanation)
    assert small["inputs"] == [{"input": "years", "value": 1}]
    assert small["rules"][0]["inputs"] == [{"input": "years", "test": "> 0", "matched": True}]
    rules = [([f"{number}"] * 3, ['"A"']) for number in range(400)]
    large = for_keeping(decided(table([YEARS] * 3, [LETTER], rules), years=7).explanation)
    assert ([rule["rule"] for rule in large["rules"]], large["rules_in_table"]) == ([8], 400)
