"""docs/facts.md lists every fact as the code has it."""

from pathlib import Path

from app.domain.facts import FACT_TYPE_TITLES, FACTS, Fact

DOCUMENT = Path(__file__).parents[3] / "docs" / "facts.md"
HEAD = "| 名称 | 是什么 | 类型 | 单位或者取值 | 来源 |\n|---|---|---|---|---|"


def row(fact: Fact) -> str:
    """Return the line of a fact."""
    choices = " ".join(f"`{value}` {title}" for value, title in fact.options.items())
    return f"| `{fact.name}` | {fact.title} | {FACT_TYPE_TITLES[fact.type]} | {fact.unit or choices} | {fact.origin} |"


def test_the_documented_list_is_the_list() -> None:
    expected = "\n".join([HEAD, *(row(fact) for fact in FACTS.values())])
    assert expected in DOCUMENT.read_text(encoding="utf-8"), f"The list should read:\n{expected}"
