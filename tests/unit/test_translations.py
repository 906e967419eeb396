"""Every sentence that a person may see is marked for translation, in code and in templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
# Up to three characters are units, numerals and calendar words: parts of formats, not sentences.
CHINESE = re.compile(r"[\u3400-\u9fff](?:[^\u3400-\u9fff]*[\u3400-\u9fff]){3}")
MARKS = {"N_", "_", "gettext", "ngettext", "lazy_gettext"}
# What speaks to whoever runs the server, and the invented city.
CONSOLE = {"backups.py", "cli.py", "config.py", "console.py", "embedded.py", "installation.py"}
PLACES = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
# The documentation inside OpenAPI is for developers; numerals, words that authors write where a sign is wanted, and
# the columns of people.xlsx are fixed.
FIXED = {
    APP / "domain/class_names.py",
    APP / "domain/money.py",
    APP / "domain/rule_texts.py",
    APP / "domain/sheets.py",
    APP / "engine/wordings.py",
    APP / "services/texts.py",
    APP / "services/accounts/people_sheets.py",
}
SOURCES = sorted(
    path
    for path in set(APP.rglob("*.py")) - FIXED
    if path.name not in CONSOLE and not {"demo", "api"} & set(path.relative_to(APP).parts)
)


def unmarked(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    accepted = {id(node) for node in marked_or_silent(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in accepted and CHINESE.search(node.value):
            yield node.lineno, node.value


def marked_or_silent(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield texts inside a marking call, and docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield from ast.walk(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(APP)))
def test_code_marks_its_sentences(path: Path) -> None:
    assert list(unmarked(path)) == []


@pytest.mark.parametrize("path", sorted(APP.rglob("*.html")), ids=lambda path: str(path.relative_to(APP)))
def test_templates_mark_their_sentences(path: Path) -> None:
    bare = PLACES.sub("", path.read_text("utf-8"))
    assert [line.strip() for line in bare.splitlines() if CHINESE.search(line)] == []
