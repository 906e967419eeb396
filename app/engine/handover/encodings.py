"""From bytes to text: UTF-8, UTF-16 that says so, and GB18030 in an XML file that says so."""

import codecs
import re

from app.domain.text import N_
from app.engine.handover.kinds import foreign_kind
from app.engine.problems import Report

# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED: tuple[tuple[bytes, str], ...] = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
# GB 18030 holds GBK and GB 2312.
_DECLARABLE = {"utf-8": "utf-8", "us-ascii": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_DECLARATION = re.compile(r"""\s*<\?xml\b[^>]{0,200}\?>""")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
WHOLE = '<?xml version="1.0" encoding="UTF-8"?>'


def read_text(content: bytes, report: Report, longest: int) -> str:
    """Return the text of a file, lines ended as on Unix. Raises PackageError through the report."""
    if len(content) > longest:
        report.add("", "size", N_("文件太大，最多 %(limit)d 字节，请删去多余的内容。"), limit=longest)
    elif not content.strip():
        report.add("", "file", N_("文件是空的，请核对是不是选错了文件。"))
    elif message := foreign_kind(content):
        report.add("", "file", message)
    report.stop_if_wrong()
    text = _decoded(content, report)
    report.stop_if_wrong()
    if _UNSEEN.search(text):
        report.add("", "encoding", N_("文件里有看不见的控制字符，请用文本编辑器删去，再存成 UTF-8。"))
    report.stop_if_wrong()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes, report: Report) -> str:
    declared = _DECLARED.match(content)
    name = _marked(content) or (_named(declared[1]) if declared else "utf-8")
    if name is None:
        message = N_("文件写明的编码“%(name)s”不支持，请存成 UTF-8。")
        report.add("", "encoding", message, name=declared[1].decode("ascii") if declared else "")
        return ""
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        report.add("", "encoding", N_("文件里有读不出来的字，请存成 UTF-8 编码。"))
        return ""
    return text if name == "utf-8" else _DECLARATION.sub(WHOLE, text, count=1)


def _marked(content: bytes) -> str | None:
    return next((name for mark, name in (*_MARKS, *_UNMARKED) if content.startswith(mark)), None)


def _named(declared: bytes) -> str | None:
    return _DECLARABLE.get(declared.decode("ascii").lower())
