"""Decision tables with hostile cells, and DMN files that are none."""

from xml.sax.saxutils import escape

from tests.hostile.corpus.cases import REFUSED, Case, fixed, package

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(test: str, result: str = '"a"', policy: str = "UNIQUE", space: str = MODEL) -> str:
    """Return a decision table of one rule."""
    return (
        f'<?xml version="1.0"?><definitions xmlns="{space}" id="d" name="表" namespace="urn:x"><decision id="rank" name="等级">'
        f'<decisionTable id="t" hitPolicy="{policy}"><input id="i" label="年限"><inputExpression id="e" typeRef="number">'
        '<text>years</text></inputExpression></input><output id="o" name="rank" typeRef="string"/>'
        f'<rule id="r"><inputEntry id="c"><text>{escape(test)}</text></inputEntry><outputEntry id="q"><text>{escape(result)}</text></outputEntry></rule>'
        "</decisionTable></decision></definitions>"
    )


def decision(name: str, text: str) -> Case:
    return Case(f"decision: {name}", "包.zip", lambda: package(rank__dmn=text), REFUSED)


CELLS = {
    "an import": '__import__("os")',
    "a function": 'function(x) external {java: {class: "java.lang.Runtime"}}',
    "a loop": "for i in 1..1000000000 return i",
    "a power": "9**9**9",
    "300 brackets": "(" * 300,
    "900 minus signs": "-" * 900 + "1",
    "a number of 900 digits": "9" * 900,
    "an endless number": "1e999999",
    "a date that is none": 'date("2026-02-31")',
    "an interval the wrong way": "[9..1]",
    "half of an interval": "[1..",
    "a text left open": '"abc',
    "full-width signs": "＞＝3",
    "a negation of a negation": "not(not(1))",
    "500 alternatives": ",".join("1" for _ in range(500)),
    "2,000 characters": "1" * 2000,
    "a comment": "// x",
    "a lambda": "lambda x: x",
}
CASES = (
    *(decision(f"cell: {name}", table(text)) for name, text in CELLS.items()),
    *(decision(f"result: {name}", table("1", text)) for name, text in CELLS.items()),
    decision("a policy that is none", table("1", policy="RANDOM")),
    decision("a name space of another standard", table("1", space="urn:nobody")),
    decision("an entity", table("1").replace("<definitions", '<!DOCTYPE d [<!ENTITY a "b">]><definitions')),
    decision("5,000 rules", table("1").replace("</decisionTable>", '<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>"a"</text></outputEntry></rule>' * 5_000 + "</decisionTable>")),
    decision("no XML", "哈"),
    fixed("a decision alone", "rank.dmn", table("1"), "file"),
)  # fmt: skip
