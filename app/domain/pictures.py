"""What a photograph tells beside its picture: where and when it was taken, by which device. It is taken out.

Only how a JPEG is turned stays. A picture that cannot be read so is left as it is.
"""

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_EXIF, _ORIENTATION = b"Exif\0\0", 0x0112
# Segments of applications 1 to 13, ICC profiles (2) aside, and remarks; and where the picture itself begins.
_TOLD = frozenset({0xE1, *range(0xE3, 0xEE), 0xFE})
_MARK, _SCAN = 0xFF, 0xDA
_WAYS_TO_TURN = range(2, 9)
_PNG_TOLD = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_TOLD = frozenset({b"EXIF", b"XMP "})
# In the header of an extended WebP: that the two are there.
_WEBP_FLAGS = 0b1100


def without_traces(content: bytes) -> bytes:
    """Return a JPEG, PNG or WebP without what it tells beside its picture."""
    try:
        if content.startswith(_JPEG):
            return _jpeg(content)
        if content.startswith(_PNG):
            return _png(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return content
    return content


def _jpeg(content: bytes) -> bytes:
    parts, turned, start = [], None, 2
    while content[start] == _MARK and (kind := content[start + 1]) != _SCAN:
        (length,) = struct.unpack_from(">H", content, start + 2)
        segment = content[start : start + 2 + length]
        if kind not in _TOLD:
            parts.append(segment)
        elif segment[4:10] == _EXIF:
            turned = _orientation(segment[10:])
        start += 2 + length
    return b"".join([_JPEG, _turning(turned), *parts, content[start:]])


def _orientation(data: bytes) -> int | None:
    """Return how the picture is turned, as its Exif data say."""
    order = "<" if data[:2] == b"II" else ">"
    (place,) = struct.unpack_from(f"{order}I", data, 4)
    (number,) = struct.unpack_from(f"{order}H", data, place)
    for one in range(number):
        tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", data, place + 2 + 12 * one)
        if tag == _ORIENTATION:
            return int(value)
    return None


def _turning(orientation: int | None) -> bytes:
    """Return a segment that says how the picture is turned, and nothing else."""
    if orientation not in _WAYS_TO_TURN:
        return b""
    data = _EXIF + b"MM\0\x2a" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def _png(content: bytes) -> bytes:
    kept, start = [_PNG], len(_PNG)
    while start + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, start)
        if kind not in _PNG_TOLD:
            kept.append(content[start : start + 12 + length])
        start += 12 + length
    return b"".join([*kept, content[start:]])


def _webp(content: bytes) -> bytes:
    body = b"".join(_without_flags(kind, chunk) for kind, chunk in _chunks(content) if kind not in _WEBP_TOLD)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = 12
    while start + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, start)
        end = start + 8 + length + length % 2
        yield kind, content[start:end]
        start = end


def _without_flags(kind: bytes, chunk: bytes) -> bytes:
    return chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:] if kind == b"VP8X" else chunk
