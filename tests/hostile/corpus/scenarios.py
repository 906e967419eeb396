"""Scenarios that are wrong, or worse."""

from tests.hostile.corpus.cases import BUILT_IN, FIT, Case, package

TEXT = BUILT_IN.scenarios or ""


def scenarios(name: str, text: str, rule: str = "scenario") -> Case:
    return Case(f"scenarios: {name}", "包.zip", lambda: package(scenarios__yaml=text), rule)


def laughs(levels: int) -> str:
    lines = ["x_0: &a0 [哈, 哈]"]
    lines += [f"x_{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(lines) + "\n" + TEXT


def merges(levels: int) -> str:
    lines = ["x_0: &a0 {a: 1, b: 2, c: 3}"]
    lines += [f"x_{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}" for level in range(1, levels)]
    return "\n".join(lines) + "\n" + TEXT


CASES = (
    scenarios("a billion laughs", laughs(12)),
    scenarios("merges of merges", merges(4), FIT),
    scenarios("an anchor of itself", "x_a: &a [*a]\n" + TEXT),
    scenarios("an object of Python", "x_a: !!python/object/apply:os.system [id]\n" + TEXT),
    scenarios("a tag of nobody", "x_a: !secret x\n" + TEXT),
    scenarios("bytes", "x_a: !!binary aGk=\n" + TEXT),
    scenarios("a set", "x_a: !!set {a}\n" + TEXT),
    scenarios("lists 2,000 deep", "x_a: " + "[" * 2000 + "]" * 2000 + "\n" + TEXT),
    scenarios("lists 60 deep", "x_a: " + "[" * 60 + "]" * 60 + "\n" + TEXT),
    scenarios("a key that is a list", "? [a]\n: 1\n" + TEXT),
    scenarios("keys that are numbers", "1: 2\n" + TEXT),
    scenarios("a number of 5,000 digits", "x_a: " + "9" * 5000 + "\n" + TEXT),
    scenarios("a binary number of 5,000 digits", "x_a: 0b" + "1" * 5000 + "\n" + TEXT),
    scenarios("infinity", "x_a: .inf\n" + TEXT),
    scenarios("no number", "x_a: .nan\n" + TEXT),
    scenarios("half a pair of surrogates", 'x_a: "\\ud800"\n' + TEXT),
    scenarios("a NUL", 'x_a: "\\0"\n' + TEXT),
    scenarios("two documents", TEXT + "\n---\na: 1\n"),
    scenarios("tabs", "\tx: 1\n" + TEXT),
    scenarios("a text", "哈\n"),
    scenarios("a list", "- 1\n"),
    scenarios("no scenarios", "people: {}\n"),
    scenarios("61 scenarios", "people: {周敏: [studio_host]}\nscenarios:\n" + "  - {name: 一, start: {by: 周敏}}\n" * 61),
    scenarios("1,000 steps", "people: {周敏: [studio_host]}\nscenarios:\n  - name: 一\n    start: {by: 周敏}\n    steps:\n" + "      - {pass: P1D}\n" * 1000),
    scenarios("a verdict that is a list", "people: {周敏: [studio_host]}\nscenarios:\n  - name: 一\n    start: {by: 周敏}\n    steps: [{complete: x, by: 周敏, verdict: [a]}]\n"),
    scenarios("people that are texts", "people: {周敏: studio_host}\nscenarios:\n  - {name: 一, start: {by: 周敏}}\n"),
    scenarios("rules that are a list", "rules: [a]\nscenarios:\n  - {name: 一, start: {by: 周敏}}\n"),
    scenarios("a rest of a thousand years", "people: {周敏: [studio_host]}\nscenarios:\n  - name: 一\n    start: {by: 周敏}\n    steps: [{pass: P365000D}]\n"),
    scenarios("a rest of nonsense", "people: {周敏: [studio_host]}\nscenarios:\n  - name: 一\n    start: {by: 周敏}\n    steps: [{pass: forever}]\n"),
    scenarios("another end", TEXT.replace("outcome: confirmed", "outcome: lost")),
    scenarios("300 kB", TEXT + "# x\n" * 75_000),
)  # fmt: skip
