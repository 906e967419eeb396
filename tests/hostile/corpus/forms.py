"""Forms that are wrong, or worse."""

import json
from typing import Any

from tests.hostile.corpus.cases import BUILT_IN, REFUSED, Case, package

FORM: dict[str, Any] = json.loads(BUILT_IN.forms["budget"])


def raw(name: str, text: str, rule: str = REFUSED) -> Case:
    return Case(f"form: {name}", "包.zip", lambda: package(forms___budget__json=text), rule)


def with_field(name: str, rule: str = REFUSED, **changes: Any) -> Case:
    field = {"type": "textfield", "id": "f_x", "key": "x", "label": "内容", **changes}
    form = {**FORM, "components": [*FORM["components"], field]}
    return raw(name, json.dumps(form, ensure_ascii=True), rule)


def with_pattern(name: str, pattern: str) -> Case:
    return with_field(f"pattern: {name}", validate={"pattern": pattern})


def hidden(name: str, condition: str) -> Case:
    return with_field(f"condition: {name}", conditional={"hide": condition})


HEAD = '{"schemaVersion": 19, "type": "default", "id": "f", "components": '
CASES = (
    raw("no JSON", "{", "form-json"),
    raw("a list", "[]", "form-json"),
    raw("lists 100,000 deep", "[" * 100_000, "form-json"),
    raw("objects 20,000 deep", '{"a":' * 20_000, "form-json"),
    raw("components 40 deep", HEAD + '[{"components":' * 40 + "[]" + "}]" * 40 + "}", "form-json"),
    raw("a number of 100,000 digits", HEAD + '[], "x": ' + "9" * 100_000 + "}", "form-json"),
    raw("an endless number", HEAD + '[], "x": 1e999999}', "form-json"),
    raw("no number", HEAD + '[], "x": NaN}', "form-json"),
    raw("infinity", HEAD + '[], "x": -Infinity}', "form-json"),
    raw("a key twice", HEAD + '[], "id": "f", "id": "g"}', "form-json"),
    raw("half a pair of surrogates", HEAD + '[], "x": "\\ud800"}', "form-json"),
    raw("a NUL", HEAD + '[], "x": "\\u0000"}', "form-json"),
    raw("1 MB", HEAD + "[]}" + " " * 900_000, "size"),
    raw("300 kB", HEAD + "[]}" + " " * 300_000, "form-json"),
    raw("another version", HEAD.replace("19", "20") + "[]}"),
    raw("1,000 fields", HEAD + "[" + ",".join(f'{{"type":"textfield","id":"i{at}","key":"k{at}","label":"字"}}' for at in range(1000)) + "]}"),
    with_field("HTML", type="html", content="<script>alert(1)</script>"),
    with_field("a script in a label", label="<script>alert(1)</script>"),
    with_field("Markdown with a link", description="[点我](javascript:alert(1))"),
    with_field("an expression of form-js", label="=1+1"),
    with_field("an iframe", type="iframe", url="https://example.org"),
    with_field("a button", type="button", action="submit"),
    with_field("a key of the inside", key="__class__"),
    with_field("a key that is reserved", key="verdict"),
    with_field("a key with a path", key="a.b"),
    with_field("a key of another field", key="year"),
    with_field("an id twice", id="f_year"),
    with_field("an unknown setting", secret=True),
    with_field("an unknown list", type="select", valuesKey="people_with_passwords"),
    with_field("options twice", type="select", values=[{"value": "a", "label": "甲"}, {"value": "a", "label": "乙"}]),
    with_field("a default that is an object", defaultValue={"a": 1}),
    with_field("a default of 10,000 characters", defaultValue="x" * 10_000),
    with_field("a length below nothing", validate={"minLength": -1}),
    with_field("a length of text", validate={"maxLength": "9999999999"}),
    with_field("a maximum beyond numbers", type="number", validate={"max": 10**400}),
    with_field("a field for nobody", properties={"write": "nobody"}),
    with_field("a list in a list", type="dynamiclist", path="x", components=[{"type": "dynamiclist", "path": "y", "id": "y", "label": "内", "components": []}]),
    with_field("a million rows", type="dynamiclist", path="x", defaultRepetitions=10**6, components=[]),
    with_pattern("a group that repeats", "(a+)+$"),
    with_pattern("alternatives", "(a|a)*$"),
    with_pattern("four repetitions", ".*.*.*.*x"),
    with_pattern("a repetition of a billion", "a{1000000000}"),
    with_pattern("a repetition beyond numbers", "a{99999999999999999999}"),
    with_pattern("a repetition of a repetition", "a{1,9}{1,9}"),
    with_pattern("a reference back", r"(a)\1"),
    with_pattern("a look ahead", "(?=a)"),
    with_pattern("a class in a class", "[[a-z]]"),
    with_pattern("a difference of classes", "[a--b]"),
    with_pattern("a class left open", "[a"),
    with_pattern("a range the wrong way", "[z-a]"),
    with_pattern("10,000 characters", "a" * 10_000),
    with_pattern("a name that is none", "no_such_pattern"),
    hidden("no comparison", "=year"),
    hidden("a call", '=system("id") = 1'),
    hidden("a list", "=year = [1]"),
    hidden("lists 1,900 deep", "=year = " + "[" * 1900),
    hidden("an endless number", "=year = 1e999"),
    hidden("no number", "=year = NaN"),
    hidden("a field that is none", "=nobody = 1"),
    hidden("1,900 blanks", "=year =" + " " * 1900 + "x"),
)  # fmt: skip
