"""Reading documents as people do: their words, and the code on them through a camera's eyes."""

from io import BytesIO

import pypdfium2
import zxingcpp
from pypdf import PdfReader

SHARP = 2.5


def pages_of(content: bytes) -> list[str]:
    """Return the words of each page, without the blanks that typesetting brings."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def words_of(content: bytes) -> str:
    return "".join(pages_of(content))


def scanned(content: bytes) -> str:
    """Return what the QR code on the last page says."""
    paper = pypdfium2.PdfDocument(content)
    try:
        picture = paper[len(paper) - 1].render(scale=SHARP).to_pil()
    finally:
        paper.close()
    [code] = zxingcpp.read_barcodes(picture)
    return str(code.text)
