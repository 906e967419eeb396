"""A person's file as a page shows it: by kind, with evidence, who verified, what was corrected."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.registers import DossierEntry
from app.db.work import Attachment
from app.domain.dossiers import ENTRY_KIND_TITLES, LOOK_TITLES, OWN_KINDS, EntryKind, EntrySource, Look
from app.domain.vocabulary import InstanceStatus
from app.services.dossiers.entry_texts import line_of, name_of
from app.services.dossiers.files import PROCESS, File, Kept, Waiting
from app.views.files import link
from app.views.words import day, instant


def sections(found: File, place: int | None) -> list[dict[str, Any]]:
    """Return the entries by kind; `place` is the school in which the person may enter and correct, if anywhere."""
    return [
        {
            "id": f"kind-{kind}",
            "title": _(title),
            "rows": [_row(one, found.proofs, place) for one in found.entries if one.entry.kind == kind],
            "ranks_url": url_for("ranks.history", person_id=found.person.id) if kind == EntryKind.RANK else "",
        }
        for kind, title in ENTRY_KIND_TITLES.items()
        if any(one.entry.kind == kind for one in found.entries)
    ]


def missing(found: File, place: int | None) -> list[dict[str, str]]:
    """Return the kinds that have no entry and may be entered."""
    present = {one.entry.kind for one in found.entries}
    return [
        {"title": _(ENTRY_KIND_TITLES[kind]), "url": enter_url(place, kind)}
        for kind in OWN_KINDS
        if place is not None and kind not in present
    ]


def struck_out(found: File) -> list[dict[str, Any]]:
    """Return the entries that were struck out."""
    return [_row(one, found.proofs, None) for one in found.struck_out]


def waiting(found: Sequence[Waiting]) -> list[dict[str, Any]]:
    """Return what is on its way into the file, each with its state."""
    return [
        {"title": one.case.title, "url": url_for("cases.show", instance_id=one.case.id), "state": _state(one)}
        | {"line": "，".join(line["value"] for line in one.case.summary or ()), "at": day(one.case.started_at)}
        for one in found
    ]


def looked(found: File) -> list[dict[str, str]]:
    """Return who looked at the file, when, from which position and at what."""
    return [
        {
            "name": look.seen_by.name,
            "position": look.position_title,
            "what": _(LOOK_TITLES[Look(look.what)]),
            "at": instant(look.seen_at),
        }
        for look in found.looks
    ]


def enter_url(place: int | None, kind: EntryKind | None = None) -> str:
    """Return where an own entry is entered, or nothing."""
    return url_for("start.fill", key=PROCESS, organization=place, kind=kind and str(kind)) if place is not None else ""


def _state(one: Waiting) -> tuple[str, str, str | None]:
    if one.is_returned:
        return _("已退回"), "warn", "back"
    is_running = one.case.status == InstanceStatus.RUNNING
    return (_("等核实"), "go", "clock") if is_running else (_("已暂停"), "", "stop")


def _row(one: Kept, proofs: Mapping[str, Attachment], place: int | None) -> dict[str, Any]:
    entry = one.entry
    is_own = place is not None and entry.kind in OWN_KINDS
    return {
        **_words(entry, proofs),
        "earlier": [_words(before, proofs) for before in one.earlier],
        "correct_url": url_for("files.correct", entry_id=entry.id) if is_own else "",
    }


def _words(entry: DossierEntry, proofs: Mapping[str, Attachment]) -> dict[str, Any]:
    return {
        "name": name_of(entry),
        "line": line_of(entry),
        "number": entry.number,
        "verified": _verified(entry),
        "files": [link(proofs[one.attachment_id]) for one in entry.evidence if one.attachment_id in proofs],
        "case_url": url_for("cases.show", instance_id=entry.instance_id) if entry.instance_id else "",
    }


def _verified(entry: DossierEntry) -> str:
    """Return who verified an entry and when, or how else it came into the file."""
    told = {"name": entry.verified_by.name, "on": day(entry.verified_at), "place": entry.verified_at_place.name}
    words = {
        EntrySource.CASE: _("%(place)s%(name)s %(on)s核实", **told),
        EntrySource.IMPORT: _("%(place)s%(name)s %(on)s导入", **told),
        EntrySource.ROSTER: _("%(place)s%(name)s %(on)s确认班主任名单", **told),
        EntrySource.FOUNDING: _("%(place)s建档，%(name)s核实", **told),
    }
    return words[EntrySource(entry.source)]
