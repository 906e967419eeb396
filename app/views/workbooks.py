"""Handing out workbooks: written to a file that goes with the answer, in memory only while it is small."""

from collections.abc import Callable
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import IO

from flask import Response, send_file

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
