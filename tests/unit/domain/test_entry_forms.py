"""The forms of the processes ask for what entries of each kind tell, in the same words and lengths."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.dossiers import ENTRY_FORMS, ENTRY_KIND_TITLES, LEVEL_TITLES, OWN_KINDS, EntryKind
from app.domain.entry_checks import LONGEST

FORMS = Path(__file__).parents[3] / "forms"


def fields(path: str) -> dict[str, dict[str, Any]]:
    components = json.loads((FORMS / path).read_text("utf-8"))["components"]
    return {component["key"]: component for component in components}


def asked(kind: EntryKind) -> dict[str, dict[str, Any]]:
    found = fields("sanction_entry/sanction.json" if kind == EntryKind.SANCTION else "dossier_entry/entry.json")
    start = f"{kind}_"
    return {key.removeprefix(start): field for key, field in found.items() if key.startswith(start)}


@pytest.mark.parametrize("kind", [*OWN_KINDS, EntryKind.SANCTION])
def test_each_kind_is_asked_for_as_it_is_kept(kind):
    form, found = ENTRY_FORMS[kind], asked(kind)
    assert {column: field.get("label") or field["dateLabel"] for column, field in found.items()} == form.labels
    required = {column for column, field in found.items() if field.get("validate", {}).get("required")}
    assert required == form.required
    texts = {column: field["validate"]["maxLength"] for column, field in found.items() if field["type"] == "textfield"}
    assert texts == {column: LONGEST[column] for column in form.labels if column in LONGEST}
    for column, titles in (("category", form.categories), ("level", LEVEL_TITLES)):
        if column in found:
            assert {one["value"]: one["label"] for one in found[column]["values"]} == dict(titles)


def test_a_teacher_chooses_among_the_own_kinds():
    kinds = fields("dossier_entry/entry.json")["kind"]["values"]
    assert {one["value"]: one["label"] for one in kinds} == {kind: ENTRY_KIND_TITLES[kind] for kind in OWN_KINDS}
