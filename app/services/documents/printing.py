"""Setting a document: a typst template and its data become a PDF that is kept by its content."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import segno
import typst

from app.services.documents.glyphs import drawable

TEMPLATES = Path(__file__).parent
SHARED = "paper.typ"


@dataclass(frozen=True)
class Press:
    """Where fonts lie, where finished documents are kept, and the address that their codes lead to."""

    fonts: Path
    cache: Path
    public_url: str
    # Fonts that a school adds for rare characters in names.
    own_fonts: Path | None = None

    @property
    def font_folders(self) -> tuple[Path, ...]:
        """Return the folders that fonts are looked for in."""
        return (self.fonts,) if self.own_fonts is None or not self.own_fonts.is_dir() else (self.fonts, self.own_fonts)

    def verify_url(self, code: str) -> str:
        """Return where a document's code is checked."""
        return f"{self.public_url}/verify/{code}"


def pdf(press: Press, template: str, data: Mapping[str, Any]) -> bytes:
    """Return the document as PDF/A-2b; what was set once is read from the cache."""
    content = orjson.dumps(drawable(data, press.font_folders), option=orjson.OPT_SORT_KEYS)
    source = TEMPLATES / template
    # What templates share changes their look as well.
    sources = b"".join(file.read_bytes() for file in (source, TEMPLATES / SHARED))
    name = hashlib.sha256(sources + content).hexdigest()
    kept = press.cache / f"{name}.pdf"
    if not kept.exists():
        _keep(kept, _compiled(press, source, content.decode()))
    return kept.read_bytes()


def qr_svg(text: str) -> str:
    """Return a QR code as SVG."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def _compiled(press: Press, source: Path, content: str) -> bytes:
    return typst.compile(
        str(source),
        root=str(TEMPLATES),
        font_paths=[str(folder) for folder in press.font_folders],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": content},
        pdf_standards="a-2b",
    )


def _keep(path: Path, content: bytes) -> None:
    """Write the file whole or not at all: another worker may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(draft).replace(path)
