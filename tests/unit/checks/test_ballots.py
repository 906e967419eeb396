"""Secret ballots at publication: what one needs, and what would tell who voted for whom."""

from typing import Any

import pytest

from app.engine.checks import check_package
from tests.panel_process import panel_package

BALLOT = {
    "secrecy": "secret",
    "closing": "quorum",
    "quorum": "1/2",
    "verdicts": "submit abstain",
    "choices": "ask.names",
    "seats": "2",
    "scrutineers": "[ask.candidate, 2, 3]",
}


def refused(**attributes: Any) -> list[str]:
    return [one.sentence.chinese() for one in check_package(panel_package(**attributes)) if one.rule == "ballot"]


@pytest.mark.parametrize(
    "changed", [{}, {"verdicts": "submit"}, {"extend": "P1D"}, {"custody": "'platform'"}, {"voteChange": "false"}]
)
def test_whole_ballots_are_accepted(changed: dict[str, str]) -> None:
    assert refused(**{**BALLOT, **changed}) == []


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("要写 shenpi:choices", {"choices": None}),
        ("要写 shenpi:seats", {"seats": None}),
        ("要写 shenpi:scrutineers", {"scrutineers": None}),
        ("请写 quorum", {"closing": "all", "quorum": None}),
        ("请删去 shenpi:majority", {"majority": "2/3", "verdicts": "agree disagree"}),
        ("请删去 shenpi:form", {"form": "opinion"}),
        ("请删去 shenpi:reads", {"reads": "file"}),
        ("只能写 submit", {"verdicts": "agree"}),
        ("请删去 shenpi:among", {"among": "[1, 2]"}),
        ("只用在无记名投票", {"secrecy": "named"}),
        ("只用在班主任的投票", {"assistantsVote": "true"}),
    ],
)
def test_what_would_not_stay_secret_is_refused(words: str, changed: dict[str, str | None]) -> None:
    assert any(words in text for text in refused(**{**BALLOT, **changed}))
