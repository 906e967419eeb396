"""Zip archives from people who may be hostile: bounded before and after they are unpacked."""

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from app.domain.text import N_
from app.engine.problems import Report

MAX_ENTRIES = 200
MAX_UNPACKED = 8_000_000
_ENCRYPTED = 0x1
_IS_UTF8 = 0x800
_UNIX_KIND, _REGULAR, _FOLDER = 0o170000, 0o100000, 0o040000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What file managers add on their own.
_JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError,
    ValueError,
)  # fmt: skip
# So that the same package gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_archive(content: bytes, report: Report) -> dict[str, bytes]:
    """Return the files of an archive by their path, folders and file managers' junk left out.

    Raises PackageError through the report.
    """
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _unpack(archive, files, report)
    except _BROKEN:
        report.add("", "archive", N_("压缩包损坏或者格式不对，请重新打成 .zip。"))
    report.stop_if_wrong()
    return files


def write_archive(files: Mapping[str, str]) -> bytes:
    """Return an archive of texts by their path, in the order given, the same bytes for the same texts."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _unpack(archive: zipfile.ZipFile, files: dict[str, bytes], report: Report) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        report.add("", "archive", N_("压缩包里的文件超过 %(limit)d 个，请只打包一个流程。"), limit=MAX_ENTRIES)
        return
    seen: set[str] = set()
    for entry in entries:
        path = _path_of(entry)
        objection = _objection_to(entry, path, seen)
        if objection:
            report.add("", "archive", objection, name=path[:80])
        elif not (path.endswith("/") or _is_junk(path)):
            files[path] = _content_of(archive, entry, files, report)
        if report.problems:
            return


def _path_of(entry: zipfile.ZipInfo) -> str:
    """Return an entry's path; Windows in Chinese writes GBK without saying so, and backslashes."""
    name = entry.orig_filename
    if not entry.flag_bits & _IS_UTF8:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.orig_filename
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _objection_to(entry: zipfile.ZipInfo, path: str, seen: set[str]) -> str | None:
    kind = (entry.external_attr >> 16) & _UNIX_KIND
    if entry.flag_bits & _ENCRYPTED:
        return N_("压缩包里的“%(name)s”加了密码，请去掉密码再打包。")
    if entry.compress_type not in _METHODS:
        return N_("压缩包里的“%(name)s”用了不支持的压缩方法，请重新打成普通的 .zip。")
    if kind not in {0, _REGULAR, _FOLDER}:
        return N_("压缩包里的“%(name)s”是链接或者特殊文件，请换成普通文件。")
    if not _is_plain(path):
        return N_("压缩包里的“%(name)s”的路径不对，请在流程的文件夹里直接打包。")
    if path.casefold() in seen:
        return N_("压缩包里有两个“%(name)s”（大小写不同也算），请只留一个。")
    seen.add(path.casefold())
    return None


def _is_plain(path: str) -> bool:
    parts = path.removesuffix("/").split("/")
    return ":" not in path and path.isprintable() and all(part.strip() not in {"", ".", ".."} for part in parts)


def _is_junk(path: str) -> bool:
    first, last = path.split("/", maxsplit=1)[0], path.rsplit("/", 1)[-1].casefold()
    return first == "__MACOSX" or last in _JUNK


def _content_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, files: Mapping[str, bytes], report: Report) -> bytes:
    # What an entry says about its size is not believed.
    left = MAX_UNPACKED - sum(len(one) for one in files.values())
    with archive.open(entry) as stream:
        content = stream.read(left + 1)
    if len(content) > left:
        report.add("", "archive", N_("压缩包解开后超过 %(limit)d 字节，请删去多余的内容。"), limit=MAX_UNPACKED)
    return content
