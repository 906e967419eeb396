"""Manifests and notices that are wrong, or worse."""

from app.engine.package import MANIFEST
from tests.hostile.corpus.cases import BUILT_IN, REFUSED, Case, package

TEXT = BUILT_IN.files[MANIFEST]


def manifest(name: str, text: str, rule: str = "manifest") -> Case:
    return Case(f"manifest: {name}", "包.zip", lambda: package(process__toml=text), rule)


def with_line(line: str) -> str:
    return f"{line}\n{TEXT}"


def with_template(template: str) -> str:
    old = next(line for line in TEXT.splitlines() if line.startswith("title_template"))
    return TEXT.replace(old, f"title_template = '{template}'")


def notice(name: str, text: str, rule: str = REFUSED) -> Case:
    return Case(f"notice: {name}", "包.zip", lambda: package(notices___confirmed__txt=text), rule)


CASES = (
    manifest("empty", "\n", "file"),
    manifest("no TOML", "key: annual_budget"),
    manifest("a key twice", with_line('key = "x"')),
    manifest("a table for the key", "[key]\na = 1"),
    manifest("lists 5,000 deep", with_line("x = " + "[" * 5000 + "]" * 5000)),
    manifest("tables 5,000 deep", with_line("x" + ".x" * 5000 + " = 1")),
    manifest("a number of 50,000 digits", with_line("x = " + "9" * 50_000)),
    manifest("an endless number", with_line("x = inf")),
    manifest(
        "a date",
        with_line("start_hint = 2026-01-01").replace(
            next(line for line in TEXT.splitlines() if line.startswith("start_hint")), ""
        ),
    ),
    manifest("a key that is a path", TEXT.replace('"annual_budget"', '"../../x"')),
    manifest("a key that is another's", TEXT.replace('"annual_budget"', '"expense_approval"'), REFUSED),
    manifest("a code that is none", TEXT.replace('"YS"', '"<b>"'), REFUSED),
    manifest("another's code", TEXT.replace('"YS"', '"BX"'), "replacement"),
    manifest("a title of 10,000 characters", TEXT.replace('"年度预算"', f'"{"年" * 10_000}"', 1)),
    manifest("a title in English", TEXT.replace('"年度预算"', '"budget"', 1)),
    manifest("10,000 notices", TEXT + '\n[[notices]]\nat="x"\ntext="y"\nto=["z"]\n' * 2_000),
    manifest("a notice to everybody", TEXT.replace('to = ["initiator"]', 'to = ["*"]', 1), "notice"),
    manifest("an unknown setting", with_line("is_admin = true")),
    manifest("an operation that is none on withdrawal", TEXT.replace("on_abandon = []", 'on_abandon = ["os.system"]')),
    manifest("a programme that is none", with_line('programme = "none"'), REFUSED),
    manifest("fewer rules", TEXT.replace('"expense", ', ""), "replacement"),
    manifest("title: an attribute of the inside", with_template("{submit_budget.__class__}")),
    manifest("title: an index", with_template("{0}")),
    manifest("title: nothing", with_template("{}")),
    manifest("title: a format of a million", with_template("{submit_budget.year:1000000}")),
    manifest("title: a field that is none", with_template("{submit_budget.password}")),
    manifest("title: an expression", with_template("{submit_budget.year + 1}")),
    notice("an attribute of the inside", "{case.__class__}"),
    notice("a template", "{{ config.SECRET_KEY }}"),
    notice("a field that is none", "{finance_confirm.password}"),
    notice("a format that is none", "{submit_budget.year!r:>1000000}"),
    notice("nothing", "\n"),
    Case("notice: a text that nobody sends", "包.zip", lambda: package(notices___x__txt="x"), "notice"),
)
