import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main

RANK = str(Path(__file__).parent / "rank.dmn")


@pytest.mark.parametrize(
    ("arguments", "status", "kind"),
    [
        ([RANK, "rank_by_years", "--values", '{"years": 5, "title": "junior"}'], 0, None),
        ([RANK, "rank_by_years", "--values", '{"years": 5.5}'], 1, "type"),
        ([RANK, "rank_by_years", "--values", '{"years": 61}'], 1, "not_allowed"),
        ([RANK, "nobody"], 1, "unknown_decision"),
        ([RANK, "--values", "5"], 1, "values"),
        (["nowhere.dmn"], 2, "file"),
        ([__file__], 2, "file"),
    ],
)
def test_the_command_answers_with_json_and_a_status(arguments, status, kind):
    found = CliRunner().invoke(main, ["decide", *arguments])
    assert found.exit_code == status
    body = json.loads(found.stdout)
    assert body.get("error", {}).get("kind") == kind
    if kind is None:
        assert (body["result"], body["hits"], body["matched"]) == ("junior_1", [2], [1, 2])
