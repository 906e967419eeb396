"""Panels at publication: what scoring needs, and what it cannot have."""

from typing import Any

import pytest

from app.engine.checks import check_package
from tests.panel_process import panel_package

PANEL = {"verdicts": "submit", "candidates": "ask.names", "criteria": "ask.points"}


def refused(**attributes: Any) -> list[str]:
    return [one.sentence.chinese() for one in check_package(panel_package(**attributes)) if one.rule == "panel"]


@pytest.mark.parametrize("changed", [{}, {"secrecy": "confidential"}, {"closing": None}, {"remind": "1"}])
def test_whole_panels_are_accepted(changed: dict[str, str | None]) -> None:
    assert refused(**{**PANEL, **changed}) == []


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("请补上 shenpi:candidates", {"candidates": None}),
        ("请补上 shenpi:criteria", {"criteria": None}),
        ("不能是无记名投票", {"secrecy": "secret", "closing": "quorum", "quorum": "1/2"}),
        ("到全部交齐或者截止时结束", {"closing": "first"}),
        ("请删去 shenpi:majority", {"majority": "2/3", "verdicts": "agree disagree"}),
        ("请删去 shenpi:form", {"form": "opinion"}),
        ("只能写 submit", {"verdicts": "submit abstain"}),
    ],
)
def test_what_scoring_cannot_have_is_refused(words: str, changed: dict[str, str | None]) -> None:
    assert any(words in text for text in refused(**{**PANEL, **changed}))


def test_outcomes_that_no_panel_has_are_refused() -> None:
    found = check_package(panel_package(**PANEL))
    assert any("agree" in one.sentence.chinese() for one in found if one.rule == "option")
