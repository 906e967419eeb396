"""Handing out workbooks: written to a file that goes with the answer, in memory only while it is small."""

from collections.abc import Callable
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import IO

from flask import Response, send_file
from flask_babel import gettext as _

from app.domain.rank_columns import PLATFORM, as_columns
from app.services.ranks.columns import Held
from app.services.registers.sheets.templates import own_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY_BYTES = 1024 * 1024


def handed_out(write: Callable[[IO[bytes]], None], name: str) -> Response:
    """Answer with what is written, as a download."""
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - a large one is closed once it is sent
    try:
        write(file)
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if size <= IN_MEMORY_BYTES:
            content = BytesIO(file.read())
            file.close()
            return send_file(content, XLSX, as_attachment=True, download_name=name)
        return send_file(file, XLSX, as_attachment=True, download_name=name)
    except BaseException:
        file.close()
        raise


def rank_template(held: Held) -> Response:
    """Answer an empty list of ranks in the columns and words that hold somewhere."""
    content = own_template(_("职级"), as_columns(held.columns or PLATFORM, held.words))
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=_("职级表模板.xlsx"))
