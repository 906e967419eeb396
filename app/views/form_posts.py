"""What a fill page posts: values as typed, files kept at once, and the buttons that only redraw."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from app.domain.canonical import content_hash
from app.domain.errors import Invalid, TooLarge
from app.domain.identity import Actor
from app.engine.forms import Form
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import MOST_ROWS, ListField
from app.engine.forms.posting import read_posted
from app.services.files import attachments
from app.views.errors import said

REDRAWS = ("_add", "_remove", "_refresh")
_INDEX = re.compile(r"[0-9]{1,4}")
# Not part of what was filled in.
OURS = frozenset({"csrf_token", "verdict", "revision", "password", "content_hash", "request", "draft_seen"})


@dataclass(frozen=True)
class Post:
    """A posted form: its values as typed, the errors of its files, and the texts to carry to a next page."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def is_redraw(self) -> bool:
        """Tell whether the page is only to be drawn again."""
        return any(name in request.form for name in REDRAWS)

    @property
    def is_draft(self) -> bool:
        """Tell whether what was typed is to be kept for later."""
        return "_save" in request.form or self.is_autosave

    @property
    def is_autosave(self) -> bool:
        """Tell whether a script keeps what was typed so far, and waits for a word rather than a page."""
        return "_autosave" in request.form

    @property
    def is_discard(self) -> bool:
        """Tell whether the draft is to be thrown away."""
        return "_discard" in request.form


def read_post(session: Session, actor: Actor, form: Form | None, element: str) -> Post:
    """Read the request's form; uploaded files are stored and stay as ids, whatever else is wrong."""
    if form is None:
        return Post()
    posted: MultiDict[str, str] = MultiDict(request.form)
    errors = dict(_store_files(session, actor, form, posted))
    _drop_file(posted)
    values = _with_rows(form, posted, form.from_http(posted, element))
    texts = tuple((name, text) for name, text in posted.items(multi=True) if name not in OURS and name[0] != "_")
    return Post(values, errors, texts)


def request_hash() -> str:
    """Return the hash of what this request sends, the same for a second click."""
    texts = sorted([name, text] for name, text in request.form.items(multi=True) if name != "csrf_token")
    files = sorted([name, file.filename or ""] for name, file in request.files.items(multi=True))
    return content_hash({"texts": texts, "files": files})


def _store_files(
    session: Session, actor: Actor, form: Form, posted: MultiDict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    for name, file in request.files.items(multi=True):
        picker = form.field(name)
        if not file.filename or not isinstance(picker, FileField):
            continue
        try:
            kept = _store(session, actor, file)
        except Invalid as error:
            yield name, [said(words) for words in error.errors.get("file", [error.sentence])]
        except TooLarge as error:
            yield name, [said(error.sentence)]
        else:
            if not picker.is_multiple:
                posted.poplist(name)
            posted.add(name, kept)


def _store(session: Session, actor: Actor, file: FileStorage) -> str:
    folder = current_app.extensions["shenpi_settings"].attachments_dir
    return attachments.store(session, folder, actor, file.filename or "", cast("BinaryIO", file.stream)).id


def _drop_file(posted: MultiDict[str, str]) -> None:
    name, is_file, kept = request.form.get("_remove", "").partition(":")
    if is_file:
        posted.setlist(name, [one for one in posted.getlist(name) if one != kept])


def _with_rows(form: Form, posted: MultiDict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """Keep blank rows where the page is only redrawn, and add or take away the row that was asked for."""
    if not any(name in request.form for name in REDRAWS):
        return values
    for key, found in form.fields.items():
        if isinstance(found, ListField):
            values[key] = _rows(found, posted)
    return values


def _rows(found: ListField, posted: MultiDict[str, str]) -> list[dict[str, Any]]:
    start = f"{found.key}."
    indexes = {name[len(start) :].partition(".")[0] for name in posted if name.startswith(start)}
    indexes |= {name[len(start) :].partition(".")[0] for name in request.files if name.startswith(start)}
    numbers = sorted(int(one) for one in indexes if _INDEX.fullmatch(one))[:MOST_ROWS]
    removed = request.form.get("_remove", "")
    rows = [
        read_posted(found.cells, posted, None, f"{start}{number}.")
        for number in numbers
        if removed != f"{start}{number}"
    ]
    return [*rows, {}] if request.form.get("_add") == found.key else rows
