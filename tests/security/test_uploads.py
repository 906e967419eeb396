"""What is uploaded is typed by its content, kept under a name of ours, and never runs in anybody's browser."""

import io
import zipfile
from typing import Any

import pytest

from tests.integration.api import Served
from tests.integration.school import PDF

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
SCRIPT = b"<script>alert(document.cookie)</script>"


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


REFUSED: dict[str, tuple[str, bytes]] = {
    "a page": ("发票.pdf", b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"),
    "a drawing with a script": ("发票.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
    "a script named as a picture": ("发票.png", SCRIPT),
    "a program": ("发票.pdf", b"MZ\x90\x00" + b"\x00" * 64),
    "an ELF program": ("发票.jpg", b"\x7fELF\x02\x01\x01" + b"\x00" * 64),
    "an archive": ("发票.docx", archive(**{"a.txt": b"x"})),
    "an empty file": ("发票.pdf", b""),
    "a shell script": ("发票.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "XML": ("发票.pdf", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
}
NAMES = {
    "../../../etc/cron.d/x.pdf": "x.pdf",
    "a\x00b.pdf": "ab.pdf",
    "\u202efdp.exe": "fdp.exe",
    "很长" * 300 + ".pdf": ("很长" * 300 + ".pdf")[-200:],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_kinds_are_refused_by_their_content(small_city: Served, kind: str) -> None:
    name, content = REFUSED[kind]
    answer = small_city.as_("host").upload(content, name)
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["errors"]["file"]
    assert not [path for path in attachments_of(small_city) if path.is_file()]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_a_name_and_no_path(small_city: Served, name: str) -> None:
    host = small_city.as_("host")
    answer = host.upload(PDF, name)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["name"] == NAMES[name]
    [kept] = [path for path in attachments_of(small_city) if path.is_file()]
    assert kept.name == answer.get_json()["id"]
    sent = host.get(f"/attachments/{answer.get_json()['id']}")
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert "\n" not in sent.headers["Content-Disposition"]
    sent.close()


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF + SCRIPT, "application/pdf"), (PNG + SCRIPT, "image/png")], ids=["pdf", "png"]
)
def test_a_file_of_two_kinds_is_shown_as_the_harmless_one(small_city: Served, content: bytes, kind: str) -> None:
    host = small_city.as_("host")
    answer = host.upload(content, "发票.html")
    assert answer.status_code == 201, answer.text
    sent = host.get(f"/attachments/{answer.get_json()['id']}")
    assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == (kind, "nosniff")
    assert sent.headers["Content-Security-Policy"].startswith("default-src 'none'")
    sent.close()


def test_a_file_of_another_person_is_nobody_elses_to_hand_in(small_city: Served) -> None:
    foreign = small_city.as_("other_host").upload().get_json()["id"]
    host = small_city.as_("host")
    assert host.get(f"/attachments/{foreign}").status_code == 404
    values = host.expense(small_city.school)
    values["invoices"][0]["attachment"] = foreign
    answer = host.file(small_city.school, values)
    assert answer.status_code == 422, answer.text
    assert "invoices.0.attachment" in answer.get_json()["errors"]


def attachments_of(small_city: Served) -> list[Any]:
    """Return what lies in the folder beside the invoices of the world itself."""
    settings = small_city.app.extensions["shenpi_settings"]
    return list(settings.attachments_dir.rglob("*"))
