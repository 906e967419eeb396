"""DMN files written by hand of a few words."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from app.engine.decisions import DecisionFile, Outcome, decide, read_decisions

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NAMESPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": DMN_1_3,
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
# expression, type, allowed values; name, type, allowed values, default.
Column = tuple[str, ...]
Row = tuple[Sequence[str], Sequence[str]]


def file_of(*decisions: str, inputs: str = "", namespace: str = DMN_1_3, prefix: str = "") -> str:
    """Write a file; every element of DMN gets the prefix."""
    body = f'<definitions id="file" name="file" namespace="urn:test">{inputs}{"".join(decisions)}</definitions>'
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
    return body.replace("definitions ", f'definitions xmlns{":" + prefix if prefix else ""}="{namespace}" ', 1)


def table(
    inputs: Sequence[Column],
    outputs: Sequence[Column],
    rules: Sequence[Row],
    policy: str = "UNIQUE",
    aggregation: str = "",
    name: str = "judge",
    requires: str = "",
) -> str:
    """Write a decision with a table."""
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    columns = "".join(map(_input, inputs)) + "".join(map(_output, outputs))
    rows = "".join(_rule(rule, f"{name}_{number}") for number, rule in enumerate(rules, start=1))
    return (
        f'<decision id="{name}" name="{name}">{requires}'
        f'<decisionTable id="{name}_table" hitPolicy="{policy}"{aggregated}>{columns}{rows}</decisionTable></decision>'
    )


def literal(text: str, name: str = "judge", requires: str = "", kind: str = "") -> str:
    """Write a decision with a literal expression."""
    variable = f'<variable name="{name}" typeRef="{kind}"/>' if kind else ""
    return (
        f'<decision id="{name}" name="{name}">{variable}{requires}'
        f"<literalExpression><text>{escape(text)}</text></literalExpression></decision>"
    )


def requirement(*decisions: str, data: Sequence[str] = ()) -> str:
    """Write the lines to decisions and input data."""
    lines = [f'<requiredDecision href="#{name}"/>' for name in decisions]
    lines += [f'<requiredInput href="#{name}"/>' for name in data]
    return "".join(f"<informationRequirement>{line}</informationRequirement>" for line in lines)


def data(name: str, kind: str, title: str = "") -> str:
    """Write an input data."""
    shown = quoteattr(title or name)
    return f'<inputData id="{name}" name={shown}><variable name={shown} typeRef="{kind}"/></inputData>'


def read(*decisions: str, inputs: str = "") -> DecisionFile:
    """Read a file made of decisions."""
    return read_decisions("test.dmn", file_of(*decisions, inputs=inputs))


def decided(text: str, **values: object) -> Outcome:
    """Make the only decision of a file."""
    file = read(text)
    return decide(file, file.tops[0].id, values)


def result_of(expression: str, **values: object) -> object:
    """Return what a literal expression amounts to."""
    return decided(literal(expression), **values).result


def _input(column: Column) -> str:
    expression, kind, allowed = (*column, "", "")[:3]
    return (
        f"<input><inputExpression{_type(kind)}><text>{escape(expression)}</text></inputExpression>"
        f"{_values('inputValues', allowed)}</input>"
    )


def _output(column: Column) -> str:
    name, kind, allowed, default = (*column, "", "", "")[:4]
    return (
        f'<output name="{name}"{_type(kind)}>{_values("outputValues", allowed)}'
        f"{_values('defaultOutputEntry', default)}</output>"
    )


def _rule(row: Row, name: str) -> str:
    tests, outputs = row
    cells = "".join(f"<inputEntry><text>{escape(test)}</text></inputEntry>" for test in tests)
    results = "".join(f"<outputEntry><text>{escape(text)}</text></outputEntry>" for text in outputs)
    return f'<rule id="{name}">{cells}{results}</rule>'


def _type(kind: str) -> str:
    return f' typeRef="{kind}"' if kind else ""


def _values(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>" if text else ""
