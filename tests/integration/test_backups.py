"""Backed up while people work, restored elsewhere, and worked on there."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.databases import new_database
from tests.integration.school import School
from tests.servers.deployments import Composed, Deployment, Embedded
from tests.servers.journeys import act, booking
from tests.servers.load import STEPS, Load
from tests.servers.programs import eventually
from tests.servers.stores import postgresql_tools

WITHOUT_REDIS = ""  # the web ticks by itself


def worked_on(deployment: Deployment, world: School) -> Path:
    """Back up in the middle of the work; return where."""
    target = deployment.folder / "backups" / "2026-11-26"
    with Load(deployment, world) as load:
        eventually(lambda: load.answers() > 5, "people work")
        done = deployment.shenpi("backup", str(target), PATH=path_with_tools())
        before = load.answers()
        eventually(lambda: load.answers() > before, "people go on")
    assert (done.returncode, done.stdout.strip()) == (0, f"已备份到 {target}。"), done.stderr
    assert load.refused == []
    return target


def continues(deployment: Deployment) -> None:
    """What was restored is whole, and every case that was under way can be ended."""
    assert deployment.faults() == []
    deployment.start()
    clients = {name: deployment.as_(name) for _element, name, _verdict in STEPS}
    cases = clients["host"].get("/instances?process=expense_approval&limit=100").body["items"]
    assert cases
    for case in cases:
        shown = clients["host"].get(f"/instances/{case['id']}").body
        assert (
            clients["host"].get(f"/attachments/{shown['values']['submit_draft']['invoices'][0]['attachment']}").status
            == 200
        )
        while shown["open_tasks"]:
            task = shown["open_tasks"][0]
            name, verdict = next((name, verdict) for element, name, verdict in STEPS if element == task["element"])
            values = booking(f"r{case['id']}") if verdict == "accept" else {}
            reply = act(clients[name], task["id"], verdict, values=values)
            assert reply.status == 200, reply
            shown = reply.body["instance"]
        assert shown["outcome"] == "booked"
    eventually(lambda: deployment.answers("/readyz"), "it ticks")
    assert deployment.faults() == []


def path_with_tools() -> str:
    return os.pathsep.join([str(postgresql_tools()), os.environ["PATH"]])


def test_a_school_on_sqlite(tmp_path: Path) -> None:
    there = Embedded(tmp_path / "there")
    world = there.settle()
    try:
        there.start()
        kept = worked_on(there, world)
    finally:
        there.stop()
    assert {path.name for path in kept.iterdir()} == {"shenpi.sqlite3", "attachments", "secret.key"}
    here = Embedded(tmp_path / "here")
    shutil.copytree(kept, here.folder / "data")
    try:
        continues(here)
    finally:
        here.stop()


def test_a_bureau_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    there = Composed(tmp_path / "there", new_database(postgresql_url, "template1"), WITHOUT_REDIS, ("web",))
    world = there.settle()
    try:
        there.start()
        kept = worked_on(there, world)
    finally:
        there.stop()
    address = new_database(postgresql_url, "template1")
    restore = [str(postgresql_tools() / "pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={libpq(address)}"]
    subprocess.run([*restore, str(kept / "shenpi.dump")], check=True, timeout=60)
    here = Composed(tmp_path / "here", address, WITHOUT_REDIS, ("web",))
    shutil.copytree(kept / "attachments", here.folder / "data" / "attachments")
    try:
        continues(here)
    finally:
        here.stop()


def libpq(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://")


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    there = Embedded(tmp_path / "there")
    there.bring_up().dispose()
    taken = there.shenpi("backup", str(tmp_path))
    assert (taken.returncode, "备份不覆盖旧的" in taken.stderr) == (1, True)
    (tmp_path / "file").write_text("")
    refused = there.shenpi("backup", str(tmp_path / "file" / "backup"))
    assert (refused.returncode, "备份没有写成" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr


def test_postgresql_without_its_tools_is_a_sentence(tmp_path: Path, postgresql_url: str) -> None:
    there = Composed(tmp_path / "there", new_database(postgresql_url, "template1"), WITHOUT_REDIS, ())
    there.bring_up().dispose()
    refused = there.shenpi("backup", str(tmp_path / "backup"), PATH=str(tmp_path))
    assert (refused.returncode, "没有找到 pg_dump" in refused.stderr) == (1, True)
    assert not (tmp_path / "backup").exists()
