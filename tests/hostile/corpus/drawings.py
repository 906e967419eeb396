"""Diagrams that are well written and wrong."""

from tests.hostile.corpus.cases import REFUSED, Case, changed

TASK = '<bpmn:userTask id="finance_confirm" name="财务确认预算"'


def wrong(name: str, old: str, new: str, rule: str = REFUSED) -> Case:
    return Case(name, "a.bpmn", lambda: changed(old, new).encode(), rule)


CASES = (
    wrong("an id twice", 'id="confirmed"', 'id="finance_confirm"', "id"),
    wrong("the id of the process at a task", 'id="confirmed"', 'id="annual_budget"'),
    wrong("an id of two words", 'id="confirmed"', 'id="con firmed"', "id"),
    wrong("an id that is a word of Python", 'id="confirmed"', 'id="lambda"', "id"),
    wrong("an id that is reserved", 'id="confirmed"', 'id="rules"', "id"),
    wrong("an id with two underscores", 'id="confirmed"', 'id="__class__"'),
    wrong("an id with markup", 'id="confirmed"', 'id="&lt;b&gt;"', "id"),
    wrong("an id with a path", 'id="confirmed"', 'id="../x"', "id"),
    wrong("no id", 'id="confirmed" ', "", "id"),
    wrong("a flow from nowhere", 'sourceRef="submit_budget"', 'sourceRef="nobody"'),
    wrong(
        "a flow to itself",
        'sourceRef="confirm_budget" targetRef="confirmed"',
        'sourceRef="confirm_budget" targetRef="confirm_budget"',
    ),
    wrong("a flow without ends", 'sourceRef="confirm_budget" targetRef="confirmed"', ""),
    wrong("a default that is no flow", 'default="finance_returned"', 'default="nobody"'),
    wrong(
        "a loop without a way out",
        'sourceRef="check_budget" targetRef="finance_confirm"',
        'sourceRef="check_budget" targetRef="check_budget"',
    ),
    wrong(
        "an operation that is none", 'shenpi:operation="confirm_budget"', 'shenpi:operation="os.system"', "operation"
    ),
    wrong(
        "an operation with parameters of attack",
        'shenpi:operation="confirm_budget">',
        'shenpi:operation="confirm_budget"><bpmn:extensionElements><shenpi:param name="__class__" value="1"/></bpmn:extensionElements>',
    ),
    wrong("a role that is none", 'shenpi:role="finance_officer"', 'shenpi:role="root"', "role"),
    wrong("a form with a path", 'shenpi:form="budget"', 'shenpi:form="../../../etc/passwd"'),
    wrong("an organisation that is none", 'shenpi:of="own"', 'shenpi:of="all"', "role"),
    wrong(
        "verdicts that are none", 'shenpi:verdicts="accept return"', 'shenpi:verdicts="accept accept hack"', "verdicts"
    ),
    wrong("a clause that is none", 'shenpi:clause="funding.earmarked"', 'shenpi:clause="no.such"'),
    wrong("an attribute of ours that is none", TASK, TASK + ' shenpi:admin="true"', "attribute"),
    wrong("an attribute of nobody", TASK, TASK + ' onload="alert(1)"', "bpmn-schema"),
    wrong("a due in the year 99999", "working_days(rules['budget.confirm_working_days'])", "P99999Y"),
    wrong("a due of a billion days", "working_days(rules['budget.confirm_working_days'])", "P999999999D"),
    wrong("a due that repeats", "working_days(rules['budget.confirm_working_days'])", "R/PT0S"),
    wrong("a due of nonsense", "working_days(rules['budget.confirm_working_days'])", "P"),
    wrong("another id of the process", 'process id="annual_budget"', 'process id="annual_budget2"', "package"),
    wrong("an id of the process that is a path", 'process id="annual_budget"', 'process id="../x"', "package"),
)
