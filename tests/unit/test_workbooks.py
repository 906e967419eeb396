"""Workbooks that no spreadsheet program wrote: each is refused kindly, none keeps a server busy or fills its memory."""

import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.domain.errors import Invalid, TooLarge
from app.services.workbooks import LAST_ROW, open_sheets, parse_day, read_rows, sheet_into

SHEET = "xl/worksheets/sheet1.xml"


def saved(*rows: list[str]) -> BytesIO:
    book, stream = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(stream)
    return stream


def edited(change: Callable[[bytes], bytes]) -> BytesIO:
    """Return a workbook of two rows with its sheet rewritten."""
    stream = BytesIO()
    with zipfile.ZipFile(saved(["姓名"], ["何静"])) as source, zipfile.ZipFile(stream, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part, change(content) if part.filename == SHEET else content)
    return stream


def test_a_row_beyond_the_last_of_a_sheet_is_not_counted_up_to() -> None:
    stream = edited(lambda content: content.replace(b'<row r="2"', b'<row r="2000000000"'))
    with pytest.raises(Invalid) as refused:
        list(read_rows(stream, 2))
    assert list(refused.value.errors) == ["file"]


def test_the_last_row_of_a_sheet_is_read() -> None:
    last = str(LAST_ROW).encode()
    stream = edited(lambda content: content.replace(b'<row r="2"', b'<row r="%b"' % last))
    assert [row[0].address for row in read_rows(stream, 2)] == ["A1", f"A{LAST_ROW}"]


def test_a_part_that_does_not_unpack_is_refused() -> None:
    content = saved(["姓名"]).getvalue()
    start = content.index(SHEET.encode()) + len(SHEET) + 10
    damaged = content[:start] + bytes(byte ^ 0x5A for byte in content[start : start + 40]) + content[start + 40 :]
    with pytest.raises(Invalid) as refused:
        open_sheets(BytesIO(damaged))
    assert list(refused.value.errors) == ["file"]


def test_one_long_text_in_many_cells_is_too_large_though_it_packs_small() -> None:
    with pytest.raises(TooLarge):
        list(read_rows(packed_once(), 2))


def packed_once() -> BytesIO:
    book, stream = Workbook(), BytesIO()
    assert book.active is not None
    for _row in range(1_100):
        book.active.append(["x" * 30_000] * 2)
    book.save(stream)
    return stream


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("2026年9月1日", date(2026, 9, 1)),
        ("20260901", date(2026, 9, 1)),
        ("2024111", None),
        ("2026-02-30", None),
        ("去年九月", None),
    ],
)
def test_days_are_read_as_people_write_them_and_never_guessed(text: str, day: date | None) -> None:
    assert parse_day(text) == day


def test_a_sheet_whose_rows_fail_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written = BytesIO()
    with pytest.raises(Invalid):
        _write_a_failing_sheet(written)
    assert not written.getvalue()
    assert not list(tmp_path.iterdir())


def _write_a_failing_sheet(stream: BytesIO) -> None:
    with sheet_into(stream, "名册", [("姓名", 12)], freeze="A2") as sheet:
        sheet.append(["张晓明"])
        raise Invalid.field("filter", "不认识")
