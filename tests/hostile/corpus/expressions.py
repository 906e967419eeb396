"""Expressions that want out of their place, at every place of a diagram that takes one."""

from functools import partial
from xml.sax.saxutils import quoteattr

from tests.hostile.corpus.cases import REFUSED, Case, changed, escaped

HOSTILE = {
    "an import": '__import__("os").system("id")',
    "the class of a tuple": "().__class__.__base__.__subclasses__()",
    "a format bomb": '"%1000000000d" % 3',
    "a text a billion times": '"a" * 10**9',
    "a tower of powers": "9**9**9**9",
    "a shift": "1 << 10000000",
    "a function": "lambda: 0",
    "a comprehension": "[x for x in range(10**9)]",
    "a generator": "sum(x for x in y)",
    "an assignment": "(x := 1)",
    "a formatted text": 'f"{submit_budget.__class__}"',
    "an attribute of the inside": "submit_budget.__dict__",
    "a name of the inside": "_secret",
    "a wide underscore": "＿＿builtins＿＿",
    "an escape": r'"\ud800"',
    "an endless number": "1e999999",
    "a number of 1,500 digits": "9" * 1500,
    "a number of 5,000 digits": "9" * 5000,
    "300 brackets": "(" * 300 + ")" * 300,
    "1,500 minus signs": "-" * 1500 + "1",
    "300 negations": "not " * 300 + "submit_budget",
    "800 attributes": "a." * 800 + "b",
    "1,900 additions": "1+" * 950 + "1",
    "an opened file": 'open("/etc/passwd").read()',
    "an evaluation": 'eval("1")',
    "an attribute by name": 'getattr(submit_budget, "year")',
    "a dictionary": "{1: 2}",
    "a set": "{1, 2}",
    "a star": "len(*submit_budget)",
    "a keyword": "len(x=1)",
    "bytes": 'b"x"',
    "an ellipsis": "...",
    "an imaginary number": "1j",
    "a slice": "submit_budget.grants[0:10]",
    "a coroutine": "await submit_budget",
    "two statements": "1; import os",
    "a comment": "1 # and nothing more",
    "half of a choice": "1 if",
    "SQL": "'; DROP TABLE person; --",
    "markup": "<script>alert(1)</script>",
    "an expression of Java": "${T(java.lang.Runtime).getRuntime()}",
    "a template": "{{ config }}",
    "FEEL": "for x in 1..1000000000 return x",
    "full-width signs": "submit_budget．year ＝＝ 1",
    "a function that is none": "print(1)",
    "a function of a field": "submit_budget.year(1)",
    "too many arguments": "abs(1, 2)",
    "a rule that is none": 'rules["no.such"] == 1',
    "a field that is none": "submit_budget.nobody == 1",
    "an element that is none": "nobody.year == 1",
}
CONDITION = 'finance_confirm.verdict == "accept"'
DUE = "working_days(rules['budget.confirm_working_days'])"
PLACES = ("finance_accepted", "finance_confirm", "confirm_budget")


def everywhere(expression: str) -> bytes:
    """Return the built-in diagram with an expression as condition, as due and as a parameter."""
    quoted = quoteattr(expression)
    text = changed(f'"{DUE}"', quoted)
    parameter = f'<bpmn:extensionElements><shenpi:param name="x" value={quoted}/></bpmn:extensionElements>'
    text = text.replace('shenpi:operation="confirm_budget">', f'shenpi:operation="confirm_budget">{parameter}', 1)
    if CONDITION not in text:
        raise ValueError(text)
    return text.replace(CONDITION, escaped(expression), 1).encode()


CASES = tuple(
    Case(f"expression: {name}", "a.bpmn", partial(everywhere, text), REFUSED) for name, text in HOSTILE.items()
)
