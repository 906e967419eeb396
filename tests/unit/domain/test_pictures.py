"""Photographs keep their picture and how it is turned, and lose where, when and by what they were taken."""

from io import BytesIO

import pytest
from PIL import Image

from app.domain.pictures import without_traces

MAKER, MODEL, ORIENTATION, PLACE = 0x010F, 0x0110, 0x0112, 0x8825


def photograph(kind: str, *, turned: int = 6) -> bytes:
    image, made = Image.new("RGB", (12, 8), (120, 30, 60)), BytesIO()
    exif = Image.Exif()
    exif[MAKER], exif[MODEL], exif[ORIENTATION] = "手机".encode(), b"SECRET-PHONE", turned
    exif.get_ifd(PLACE).update({1: "N", 2: (37.0, 52.0, 11.0)})
    image.save(made, kind, exif=exif, lossless=True) if kind == "WEBP" else image.save(made, kind, exif=exif)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_keeps_its_picture_and_tells_nothing_else(kind: str) -> None:
    taken = photograph(kind)
    assert b"SECRET-PHONE" in taken
    kept = without_traces(taken)
    assert b"SECRET-PHONE" not in kept
    before, after = Image.open(BytesIO(taken)), Image.open(BytesIO(kept))
    assert after.tobytes() == before.tobytes()
    assert set(after.getexif()) == ({ORIENTATION} if kind == "JPEG" else set())
    assert after.getexif().get(ORIENTATION) in {6, None}
    assert not after.getexif().get_ifd(PLACE)
    assert without_traces(kept) == kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_that_is_cut_short_is_no_trouble(kind: str) -> None:
    taken = photograph(kind)
    for end in range(len(taken)):
        without_traces(taken[:end])


def test_what_is_no_picture_is_left_alone() -> None:
    assert without_traces(b"%PDF-1.7 Exif") == b"%PDF-1.7 Exif"


def test_a_loop_in_what_a_photograph_tells_is_no_trouble() -> None:
    assert without_traces(b"\xff\xd8\xff\xe1\x00\x00\xff\xe1\x00\x00" * 4)[:2] == b"\xff\xd8"
