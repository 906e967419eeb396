"""Packages: from folders, from texts, their hash, their manifest."""

from pathlib import Path

import pytest

from app.engine.package import load_package, package_from_files
from app.engine.problems import PackageError
from tests.unit.engine.playing import diagram, element, ends, line

MANIFEST = """
key = "leave"
title = "请假"
code = "QJ"
category = "人事"
programme = "rank"
title_template = "{ask.days} 天"
amount = "ask.days"
on_abandon = ["release_funds"]
"""
TEXT = diagram(
    element("startEvent", "ask", shenpi_form="note"),
    ends("done"),
    line("ask", "done"),
    key="leave",
)


def lay_out(root: Path) -> None:
    files = {
        "processes/leave/process.toml": MANIFEST,
        "processes/leave/leave.bpmn": TEXT,
        "processes/leave/scenarios.yaml": "[]",
        "processes/leave/notices/done.txt": "好了",
        "processes/leave/README.md": "不属于流程包",
        "forms/leave/own.json": "{}",
        "forms/shared/note.json": "{}",
        "forms/shared/other.json": "{}",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def test_load_takes_what_belongs(tmp_path):
    lay_out(tmp_path)
    package = load_package("leave", tmp_path / "processes", tmp_path / "forms")
    assert set(package.files) == {
        "process.toml", "leave.bpmn", "scenarios.yaml", "notices/done.txt", "forms/own.json", "forms/note.json",
    }  # fmt: skip
    assert package.forms == {"note": "{}", "own": "{}"}
    assert package.notices == {"done": "好了"}
    assert package.scenarios == "[]"
    assert package.diagram == TEXT
    manifest = package.manifest
    assert (manifest.title, manifest.code, manifest.programme) == ("请假", "QJ", "rank")
    assert (manifest.amount, manifest.on_abandon) == ("ask.days", ("release_funds",))


def test_hash_depends_on_every_file_and_not_on_their_order():
    files = {"process.toml": MANIFEST, "leave.bpmn": TEXT}
    package = package_from_files(files)
    assert package_from_files(dict(reversed(files.items()))).content_hash == package.content_hash
    assert package_from_files({**files, "notices/a.txt": ""}).content_hash != package.content_hash
    assert len(package.content_hash) == 64


@pytest.mark.parametrize(
    ("manifest", "element_name"),
    [
        ("key = ", ""),
        ('key = "leave"', "title"),
        (MANIFEST + 'colour = "red"', "colour"),
        (MANIFEST.replace('"QJ"', "7"), "code"),
        (MANIFEST.replace('"leave"', '"Leave me"'), "key"),
        (MANIFEST.replace('["release_funds"]', '"release_funds"'), "on_abandon"),
        (MANIFEST.replace('"leave"', '"other"'), "key"),
    ],
)
def test_wrong_manifest_is_refused(manifest, element_name):
    with pytest.raises(PackageError) as raised:
        package_from_files({"process.toml": manifest, "leave.bpmn": TEXT})
    assert raised.value.problems[0].element == element_name
    assert raised.value.problems[0].file == "process.toml"


def test_missing_manifest_is_refused():
    with pytest.raises(PackageError, match=r"缺少 process\.toml"):
        package_from_files({})


def test_an_unknown_word_in_a_notice_is_named():
    notice = '[[notices]]\nat = "done"\ntext = "done"\nto = ["initiator"]\nwhom = "x"\n'
    with pytest.raises(PackageError) as raised:
        package_from_files({"process.toml": MANIFEST + notice, "leave.bpmn": TEXT})
    assert [one.text for one in raised.value.problems] == ["[[notices]] 里的 whom 不认识，只能写 at、text 和 to。"]
