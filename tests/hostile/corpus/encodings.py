"""Diagrams in every encoding, and bytes that are in none."""

from tests.hostile.corpus.cases import BUILT_IN, FIT, REFUSED, Case, fixed

DIAGRAM = BUILT_IN.diagram


def declared(name: str) -> str:
    return DIAGRAM.replace('encoding="UTF-8"', f'encoding="{name}"', 1)


def encoded(name: str, label: str, mark: bytes = b"") -> bytes:
    return mark + declared(label).encode(name)


CASES = (
    Case("UTF-8 with a mark", "a.bpmn", lambda: encoded("utf-8", "UTF-8", b"\xef\xbb\xbf"), FIT),
    Case("UTF-16 with a mark", "a.bpmn", lambda: encoded("utf-16", "UTF-16"), FIT),
    Case("UTF-16 the other way round", "a.bpmn", lambda: encoded("utf-16-be", "UTF-16", b"\xfe\xff"), FIT),
    Case("UTF-16 without a mark", "a.bpmn", lambda: encoded("utf-16-le", "UTF-16"), FIT),
    Case("UTF-16 that says UTF-8", "a.bpmn", lambda: encoded("utf-16", "UTF-8"), FIT),
    Case("UTF-8 that says UTF-16", "a.bpmn", lambda: encoded("utf-8", "UTF-16"), "encoding"),
    Case("UTF-32", "a.bpmn", lambda: encoded("utf-32", "UTF-32"), FIT),
    Case("GB 18030 that says so", "a.bpmn", lambda: encoded("gb18030", "GB18030"), FIT),
    Case("GBK that says so", "a.bpmn", lambda: encoded("gbk", "gbk"), FIT),
    Case("GBK that says nothing", "a.bpmn", lambda: encoded("gbk", "UTF-8"), "encoding"),
    Case("Big5", "a.bpmn", lambda: declared("Big5").encode("big5", "replace"), "encoding"),
    Case("UTF-7", "a.bpmn", lambda: declared("UTF-7").encode("utf-7"), REFUSED),
    Case("EBCDIC", "a.bpmn", lambda: declared("cp037").encode("cp037", "replace"), REFUSED),
    Case("an encoding that is none", "a.bpmn", lambda: declared("x-no-such").encode(), "encoding"),
    Case("an encoding with a path", "a.bpmn", lambda: declared("../../x").encode(), REFUSED),
    Case("Windows line ends", "a.bpmn", lambda: DIAGRAM.replace("\n", "\r\n").encode(), FIT),
    Case("half of a character at the end", "a.bpmn", lambda: DIAGRAM.encode() + b"\xe5\xae", "encoding"),
    Case("an overlong slash", "a.bpmn", lambda: DIAGRAM.encode() + b"\xc0\xaf", "encoding"),
    Case("surrogates in UTF-8", "a.bpmn", lambda: DIAGRAM.encode() + b"\xed\xa0\x80", "encoding"),
    Case("half a pair in UTF-16", "a.bpmn", lambda: encoded("utf-16", "UTF-16") + b"\x00\xd8", "encoding"),
    Case("an odd number of bytes in UTF-16", "a.bpmn", lambda: encoded("utf-16", "UTF-16") + b"\x00", "encoding"),
    Case("a NUL in the middle", "a.bpmn", lambda: DIAGRAM.replace("预算", "预\x00算", 1).encode(), "encoding"),
    Case("control characters", "a.bpmn", lambda: DIAGRAM.replace("预算", "预\x1b[2J算", 1).encode(), "encoding"),
    fixed("NULs only", "a.bpmn", bytes(4096), "encoding"),
    Case("signs that turn the text", "a.bpmn", lambda: DIAGRAM.replace("财务确认预算", "财务\u202e确认").encode(), FIT),
)
