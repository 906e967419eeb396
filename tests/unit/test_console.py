"""What the command says when it is called wrong, and of what a tick did: Chinese alone."""

import re

import pytest
from click.testing import CliRunner

from app import console
from app.cli import main

ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Error|Try|TEXT|INTEGER|required|No such|Missing|Invalid|Show|Got|does)\b"
)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["--help"], "用法：main [选项] 命令 [参数]…"),
        (["check", "--help"], "选项："),
        ([], "命令："),
        (["demo"], "accounts"),
        (["schedule", "--help"], "[必填]"),
        (["nothing"], "没有命令 nothing。"),
        (["check"], "还要写参数"),
        (["check", "--jso", "x"], "没有选项 --jso，是不是 --json？"),
        (["check", "nowhere"], "没有 nowhere，或者它不是要的文件。"),
        (["run", "--port", "many"], "选项 --port不对：要写整数，现在是 many。"),
        (["run", "--port"], "选项 --port 后面要写一个值。"),
        (["run", "--demo=1"], "选项 --demo 后面不能写值。"),
        (["doctor", "again"], "多写了 again，请去掉。"),
        (
            ["import", "pets", "x.xlsx", "--organization", "A"],
            "只能写 people、service、honours、ranks、studios，现在是 pets。",
        ),
        (["schedule", "x"], "还要写选项 --organization。"),
    ],
)
def test_a_call_is_answered_in_chinese(call: list[str], words: str) -> None:
    told = CliRunner().invoke(main, call)
    assert words in told.output
    assert ENGLISH.findall(told.output) == []
    assert told.exit_code == (0 if "--help" in call else 2)


def test_a_tick_says_in_words_what_it_did() -> None:
    assert console.told({"timers": 2, "outbox": 0, "starts": 1}) == "办了 2 件到期的事，自己开始了 1 件事。"
    assert console.told({"timers": 0}) == "没有到点要办的事。"
