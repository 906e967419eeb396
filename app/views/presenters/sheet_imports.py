"""Imports of sheets as their pages show them: how far they are, what they change, what is wrong."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.sheet_imports import SheetImport
from app.domain.sheet_imports import IMPORT_STATUS_TITLES, ImportStatus
from app.domain.sheets import NAME, SHEET_KIND_TITLES, SHEETS, USERNAME, SheetKind
from app.services.registers.sheets.plans import ChangeKind
from app.views.words import instant

Row = dict[str, Any]
# Words, kind and icon of a state.
State = tuple[str, str, str | None]
PAGE = 50
STATUS_KINDS: Mapping[ImportStatus, tuple[str, str | None]] = {
    ImportStatus.CHECKING: ("go", None),
    ImportStatus.READY: ("go", "pen"),
    ImportStatus.WRITING: ("go", None),
    ImportStatus.DONE: ("ok", None),
    ImportStatus.REFUSED: ("late", None),
    ImportStatus.DROPPED: ("", "stop"),
    ImportStatus.FAILED: ("late", None),
}
_NAME_HEADS = frozenset(
    column.head for sheets in SHEETS.values() for sheet in sheets for column in sheet.columns if column.name == NAME
)
_HIDDEN_HEADS = frozenset(
    column.head for sheets in SHEETS.values() for sheet in sheets for column in sheet.columns if column.name == USERNAME
)


def kinds(found: Sequence[SheetKind], current: SheetKind, organization_id: int) -> list[Row]:
    """Return the links from kind to kind."""
    return [
        {
            "label": _(SHEET_KIND_TITLES[kind]),
            "url": url_for("sheet_imports.index", kind=kind, organization=organization_id),
            "is_current": kind == current,
        }
        for kind in found
    ]


def columns(kind: SheetKind) -> list[tuple[str, str]]:
    """Return each sheet's heads in words, those that must be filled in first."""
    return [
        (
            _(sheet.title),
            "、".join(
                _("%(head)s（必填）", head=_(column.head)) if column.is_required else _(column.head)
                for column in sheet.columns
            ),
        )
        for sheet in SHEETS[kind]
    ]


def recent(found: Sequence[SheetImport]) -> list[Row]:
    """Return the rows of the latest imports."""
    return [
        {
            "url": url_for("sheet_imports.show", import_id=one.id),
            "title": _(SHEET_KIND_TITLES[SheetKind(one.kind)]),
            "file": one.file_name,
            "by": one.created_by.name,
            "at": instant(one.created_at),
            "state": state(one),
            "rows": one.total or "—",
        }
        for one in found
    ]


def state(one: SheetImport) -> State:
    """Return where an import stands."""
    kind, icon = STATUS_KINDS[ImportStatus(one.status)]
    return _(IMPORT_STATUS_TITLES[ImportStatus(one.status)]), kind, icon


def progress(one: SheetImport) -> str:
    """Write how far the work is, as soon as it is known how much there is."""
    if one.status == ImportStatus.WRITING:
        return _("正在写入 %(total)s 行；写完以前什么都不变", total=f"{one.total:,}")
    if one.total:
        return _("已核对 %(done)s / %(total)s 行", done=f"{one.handled:,}", total=f"{one.total:,}")
    return _("已读 %(done)s 行", done=f"{one.handled:,}") if one.handled else _("正在打开文件")


def figures(one: SheetImport) -> list[Row]:
    """Return how many rows change what."""
    counts = ((_("新增"), one.added), (_("更正"), one.corrected), (_("不变"), one.unchanged))
    return [{"label": label, "value": f"{count:,}", "of": f"{one.total:,}"} for label, count in counts]


def changes(told: Sequence[Mapping[str, Any]], kind: SheetKind) -> list[Row]:
    """Return the rows of a preview."""
    return [_change(change, is_several=len(SHEETS[kind]) > 1) for change in told]


def _change(change: Mapping[str, Any], *, is_several: bool) -> Row:
    values: Mapping[str, str] = change["values"]
    name = next((text for head, text in values.items() if head in _NAME_HEADS), "")
    told = [text for head, text in values.items() if head not in _NAME_HEADS | _HIDDEN_HEADS]
    row = _("第 %(row)d 行", row=change["row"])
    return {
        "row": f"{_(change['sheet'])} {row}" if is_several else row,
        "name": name or next(iter(values.values()), ""),
        "told": _whole(" · ".join(told if name else told[1:])),
        "before": [
            _("%(head)s原来是 %(was)s", head=_(head), was=was) if was else _("%(head)s原来空着", head=_(head))
            for head, was in change["before"].items()
        ],
        "state": _change_state(ChangeKind(change["change"])),
    }


def _whole(text: str) -> str:
    """Return a text whose dates stay in one line."""
    return re.sub(r"(?<=\d)-(?=\d)", "\u2011", text)


def _change_state(kind: ChangeKind) -> State | None:
    """Return what is out of the ordinary: a row that adds nothing new."""
    if kind == ChangeKind.ADDED:
        return None
    return (_("更正"), "warn", "pen") if kind == ChangeKind.CORRECTED else (_("不变"), "", "lock")
