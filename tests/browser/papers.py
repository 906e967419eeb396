"""Files that people upload: an electronic invoice and the photograph of a paper one."""

import struct
import zlib
from pathlib import Path

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def invoice_pdf(folder: Path) -> Path:
    paper = folder / "发票.pdf"
    paper.write_bytes(PDF)
    return paper


def invoice_photo(folder: Path) -> Path:
    """A small grey picture."""
    paper = folder / "拍照.png"
    rows = b"".join(b"\x00" + b"\xc8" * 24 for _ in range(32))
    head = struct.pack(">IIBBBBB", 24, 32, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    paper.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts))
    return paper


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
