"""The command, run as people run it: in a process of its own on a data directory of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db.engine import connect
from tests.integration.school import ROOT

SHENPI = (sys.executable, "-c", "from app.command import main; main()")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory that was brought up."""
    folder = tmp_path_factory.mktemp("data")
    done = shenpi(folder, "upgrade")
    assert (done.returncode, done.stdout.strip()) == (0, "数据库已是最新。")
    return folder


def environment(folder: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHENPI_")}
    return kept | {"SHENPI_DATA_DIR": str(folder), "PYTHONIOENCODING": "utf-8"} | changes


def shenpi(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (*SHENPI, *arguments),
        cwd=ROOT,
        env=environment(folder, **changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_healthy_database_passes_every_look(data: Path) -> None:
    assert shenpi(data, "tick").stdout.strip() == "没有到点要办的事。"
    done = json.loads(shenpi(data, "tick", "--json").stdout)
    assert done.keys() >= {"timers", "starts", "outbox"}
    assert not any(done.values())
    verified = shenpi(data, "journal", "verify")
    assert (verified.returncode, verified.stdout.strip()) == (0, "办理记录完整。")
    examined = shenpi(data, "doctor")
    assert (examined.returncode, examined.stdout.strip()) == (0, "没有发现问题。")


def test_time_travel_is_for_demo_databases_only(data: Path) -> None:
    refused = shenpi(data, "tick", "--at", "2026-09-01T08:00:00+08:00")
    assert (refused.returncode, refused.stderr.strip()) == (1, "--at 只能用在演示库和测试库上。")


def test_an_altered_journal_and_an_anchor_cut_short_end_in_one(data: Path, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'shenpi.sqlite3'}")
    shenpi(tmp_path, "upgrade")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO journal_anchor VALUES"
                " ('2026-01-01', 1, '{\"instance/1\": \"ff\"}', 'ff', '2026-01-01 00:00:00')"
            )
        )
    engine.dispose()
    verified = shenpi(tmp_path, "journal", "verify")
    assert verified.returncode == 1
    assert "instance/1" in verified.stdout
    assert "发现 2 处改动。" in verified.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHENPI_PORT", "八千"),
        ("SHENPI_DATABASE_URL", "mysql://x"),
        ("SHENPI_SECRET_KEY", "short"),
        ("SHENPI_BEHIND_TLS", "yes"),
        ("SHENPI_DATA_DIR", "/proc/none"),
        ("SHENPI_DATABASE_URL", "sqlite:////proc/none/shenpi.sqlite3"),
    ],
)
def test_a_wrong_setting_is_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    refused = shenpi(tmp_path, "doctor", **{name: value})
    assert refused.returncode == 1
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "command", [("tick",), ("doctor",), ("journal", "verify"), ("demo", "accounts")], ids=lambda command: command[-1]
)
def test_looking_for_a_database_makes_none(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = shenpi(tmp_path / "mistyped", *command)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "没有数据库。请核对 SHENPI_DATA_DIR" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_check_needs_no_database_and_makes_none(tmp_path: Path) -> None:
    done = shenpi(tmp_path / "none", "check", str(ROOT / "forms" / "annual_budget"))
    assert (done.returncode, done.stdout.strip()) == (0, "没有发现问题。")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_not_brought_up_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "shenpi.sqlite3").touch()
    refused = shenpi(tmp_path, "tick")
    assert (refused.returncode, refused.stderr.strip()) == (1, "数据库的结构比程序旧，请先运行：shenpi upgrade")


def test_processes_are_checked_as_they_are_published(tmp_path: Path) -> None:
    good = shenpi(tmp_path, "check", "--json", str(ROOT / "processes" / "expense_approval"))
    assert (good.returncode, json.loads(good.stdout)) == (0, [])
    broken = tmp_path / "annual_budget"
    broken.mkdir()
    for source in (ROOT / "processes" / "annual_budget").iterdir():
        if source.is_file():
            changed = source.read_text(encoding="utf-8").replace(
                'shenpi:role="finance_officer"', 'shenpi:role="nobody"'
            )
            (broken / source.name).write_text(changed, encoding="utf-8")
    found = shenpi(tmp_path, "check", "--json", str(broken))
    assert found.returncode == 1
    assert {"file", "element", "rule", "text"} == set(json.loads(found.stdout)[0])


def test_scenarios_pass(tmp_path: Path) -> None:
    done = shenpi(tmp_path, "scenarios", "annual_budget")
    assert done.returncode == 0
    assert "通过" in done.stdout


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_ends_when_told(tmp_path: Path, end: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (*SHENPI, "run", "--port", str(port))
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as server:
        try:
            assert answer(f"http://127.0.0.1:{port}/healthz") == "ok"
            time.sleep(1.5)  # the ticker is at work
            server.send_signal(end)
            output, _ = server.communicate(timeout=60)
        finally:
            server.kill()
    assert server.returncode == 0
    assert "Traceback" not in output.decode()


def answer(address: str) -> str:
    """Ask until the server answers. Raises OSError after two minutes."""
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own address
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_an_address_that_is_taken_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = shenpi(tmp_path, "run", "--demo", "--port", str(taken.getsockname()[1]))
    assert done.returncode != 0
    assert "占用" in done.stderr
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_schedule_needs_a_plan_and_an_organization(data: Path) -> None:
    unknown = shenpi(data, "schedule", "expense_approval", "--organization", "XX99")
    assert (unknown.returncode, unknown.stderr.strip()) == (1, "没有代码是 XX99 的单位。")
    stopped = shenpi(data, "schedule", "expense_approval", "--organization", "XX99", "--stop")
    assert (stopped.returncode, stopped.stderr) == (1, unknown.stderr)


def test_scenarios_of_no_process_are_a_sentence(tmp_path: Path) -> None:
    refused = shenpi(tmp_path, "scenarios", "nosuch")
    assert (refused.returncode, "没有流程“nosuch”" in refused.stderr) == (1, True)
