"""Archives that attack whoever unpacks them."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from app.engine.handover.layouts import laid_out
from tests.hostile.corpus.cases import BUILT_IN, FIT, KEY, Case, package

FILES = laid_out(BUILT_IN)
DIAGRAM = f"processes/{KEY}/{KEY}.bpmn"


def packed(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def beside(name: str, content: str | bytes = "x") -> bytes:
    """Return the built-in package with one more file."""
    return packed({**FILES, name: content})


def linked(kind: int, target: str) -> bytes:
    entry = zipfile.ZipInfo(f"processes/{KEY}/notices/x.txt")
    entry.external_attr = (kind | 0o777) << 16
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
        archive.writestr(entry, target)
    return stream.getvalue()


def twice() -> bytes:
    """Return an archive that holds every name two times."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for _ in range(2):
            for name, text in FILES.items():
                archive.writestr(name, text)
            # Forgotten, else zipfile warns of each name; warnings cannot be silenced safely in one of several threads.
            archive.NameToInfo.clear()
    return stream.getvalue()


def patched(change: Callable[[bytearray], None]) -> bytes:
    content = bytearray(packed({**FILES}))
    change(content)
    return bytes(content)


def encrypted(content: bytearray) -> None:
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)


def miscounted(content: bytearray) -> None:
    at = content.find(b"PK\x01\x02")
    content[at + 16 : at + 20] = struct.pack("<I", 0xDEADBEEF)


def understated(content: bytearray) -> None:
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1)


def overlapping() -> bytes:
    """Return an archive of which a hundred entries share one body."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_body = body.compress(bytes(1_000_000)) + body.flush()
    crc = zlib.crc32(bytes(1_000_000))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(packed_body), 1_000_000, 1, 0) + b"a"
    central = b"".join(
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            len(packed_body),
            1_000_000,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"a"
        for _ in range(100)
    )
    head = local + packed_body
    return head + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 100, 100, len(central), len(head), 0)


def in_gbk() -> bytes:
    """Return the package in a folder with a Chinese name, as Windows packs it."""
    content = packed({f"______/{name}": text for name, text in FILES.items()})
    return content.replace(b"______/", "预算表".encode("gbk") + b"/")


def nested(depth: int) -> bytes:
    content = package()
    for _ in range(depth):
        content = packed({"inner.zip": content})
    return content


def archive(name: str, make: Callable[[], bytes], rule: str = "archive") -> Case:
    return Case(f"archive: {name}", "包.zip", make, rule)


CASES = (
    archive("as it should be", package, FIT),
    archive(
        "with its files in one folder",
        lambda: packed({f"预算/{name}": text for name, text in BUILT_IN.files.items()}),
        FIT,
    ),
    archive("with its files at the top", lambda: packed({**BUILT_IN.files}), FIT),
    archive("with names in GBK", in_gbk, FIT),
    archive("with backslashes", lambda: packed({**FILES}).replace(b"processes/", b"processes\\"), FIT),
    archive(
        "with junk of a Mac", lambda: packed({**FILES, "__MACOSX/._x": b"\x00\x05", "processes/.DS_Store": b"x"}), FIT
    ),
    archive("stored, not packed", lambda: packed({**FILES}, zipfile.ZIP_STORED), FIT),
    archive("zeros without end", lambda: beside(f"processes/{KEY}/notices/x.txt", bytes(200_000_000))),
    archive("ten million spaces in the diagram", lambda: packed({**FILES, DIAGRAM: " " * 10_000_000})),
    archive(
        "more text than a notice may have", lambda: beside(f"processes/{KEY}/notices/x.txt", "哈" * 100_000), "size"
    ),
    archive("10,000 entries", lambda: packed({f"n{at}.txt": "" for at in range(10_000)})),
    archive(
        "201 entries", lambda: packed({**FILES, **{f"processes/{KEY}/notices/n{at}.txt": "x" for at in range(201)}})
    ),
    archive("entries that share a body", overlapping),
    archive("archives within archives", lambda: nested(20)),
    archive("an archive beside", lambda: beside(f"processes/{KEY}/inner.zip", package())),
    archive("a path upwards", lambda: beside("../../../../etc/cron.d/x")),
    archive("a path upwards in the middle", lambda: beside(f"processes/{KEY}/../../x.txt")),
    archive("a path from the root", lambda: beside("/etc/passwd")),
    archive("a path of Windows", lambda: beside("C:\\Windows\\x.txt")),
    archive("a path to a share", lambda: beside("\\\\server\\share\\x.txt")),
    archive("a device of Windows", lambda: beside("CON")),
    archive("a name with a NUL", lambda: beside("aXb.txt").replace(b"aXb.txt", b"a\x00b.txt")),
    archive("a name with a line end", lambda: beside("a\r\nb.txt")),
    archive("a name that turns the text", lambda: beside("txt\u202egpj.x")),
    archive("a name of dots", lambda: beside("processes/./x.txt")),
    archive("a name of blanks", lambda: beside("processes/ /x.txt")),
    archive("a name of 60,000 characters", lambda: beside("x" * 60_000)),
    archive("a symbolic link", lambda: linked(0o120000, "/etc/passwd")),
    archive("a device", lambda: linked(0o020000, "")),
    archive("a pipe", lambda: linked(0o010000, "")),
    archive("every name twice", twice),
    archive("a name in two cases", lambda: beside(DIAGRAM.replace("annual", "ANNUAL"), "x")),
    archive("a form in two places", lambda: beside("forms/shared/budget.json", BUILT_IN.forms["budget"])),
    archive("two processes", lambda: beside("processes/other/process.toml", 'key = "other"')),
    archive("two diagrams", lambda: beside(f"processes/{KEY}/other.bpmn", BUILT_IN.diagram)),
    archive("a program", lambda: beside(f"processes/{KEY}/run.py", "import os")),
    archive("a password", lambda: patched(encrypted)),
    archive("a wrong checksum", lambda: patched(miscounted)),
    archive("a size that is not true", lambda: patched(understated)),
    archive("a packing that nobody reads", lambda: packed({**FILES}, zipfile.ZIP_LZMA)),
    archive("a packing of 900 times", lambda: packed({**FILES}, zipfile.ZIP_BZIP2)),
    archive("cut in half", lambda: package()[: len(package()) // 2]),
    archive("without its directory", lambda: package().split(b"PK\x01\x02", 1)[0]),
    archive("only a directory", lambda: b"PK\x05\x06" + bytes(18)),
    archive("bytes before it", lambda: b"#!/bin/sh\n" + package(), FIT),
    archive("an empty folder", lambda: packed({"processes/": ""})),
    archive("no manifest", lambda: packed({DIAGRAM: BUILT_IN.diagram})),
    archive("no diagram", lambda: packed({name: text for name, text in FILES.items() if name != DIAGRAM}), "manifest"),
)
