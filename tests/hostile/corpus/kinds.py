"""Files of another kind under the name of a process."""

import gzip
import zipfile
from io import BytesIO

from openpyxl import Workbook

from tests.hostile.corpus.cases import BUILT_IN, FIT, REFUSED, Case, fixed


def workbook() -> bytes:
    stream = BytesIO()
    book = Workbook()
    book.create_sheet("人员").append(["姓名", "职务"])
    book.save(stream)
    return stream.getvalue()


def document() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


CASES = (
    Case("a spreadsheet renamed .bpmn", "预算.bpmn", workbook, "file"),
    Case("a spreadsheet renamed .zip", "预算.zip", workbook, "archive"),
    Case("a spreadsheet under its own name", "预算.xlsx", workbook, "file"),
    Case("a document renamed .zip", "方案.zip", document, "archive"),
    Case("a document renamed .xml", "方案.xml", document, "file"),
    fixed("an old spreadsheet", "a.bpmn", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "file"),
    fixed("a PDF", "a.bpmn", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n", "file"),
    fixed("a PNG", "a.bpmn", b"\x89PNG\r\n\x1a\n" + bytes(64), "file"),
    fixed("a JPEG", "a.bpmn", b"\xff\xd8\xff\xe0" + bytes(64), "file"),
    fixed("a GIF", "a.bpmn", b"GIF89a" + bytes(32), "file"),
    fixed("a bitmap", "a.bpmn", b"BM" + bytes(64), "file"),
    fixed("a program of Linux", "a.bpmn", b"\x7fELF" + bytes(64), "file"),
    fixed("a program of Windows", "a.bpmn", b"MZ" + bytes(64), "file"),
    fixed("a database", "a.bpmn", b"SQLite format 3\x00" + bytes(64), "file"),
    fixed("a RAR archive", "a.zip", b"Rar!\x1a\x07\x00" + bytes(64), "archive"),
    fixed("a 7z archive", "a.bpmn", b"7z\xbc\xaf\x27\x1c" + bytes(64), "file"),
    Case("a diagram packed by gzip", "a.bpmn", lambda: gzip.compress(BUILT_IN.diagram.encode()), "file"),
    Case("a diagram that is named .zip", "a.zip", BUILT_IN.diagram.encode, "archive"),
    Case("a diagram without a suffix", "a", BUILT_IN.diagram.encode, "file"),
    Case("a diagram under a harmful name", "../../etc/passwd\r\n.bpmn", BUILT_IN.diagram.encode, FIT),
    fixed("nothing named .bpmn", "a.bpmn", b"", "file"),
    fixed("nothing named .zip", "a.zip", b"", "file"),
    fixed("blanks", "a.bpmn", b" \r\n\t \n", "file"),
    fixed("one byte", "a.bpmn", b"<", "xml"),
    fixed("a web page", "a.bpmn", "<!doctype html><html><body>登录</body></html>", REFUSED),
    fixed("a page of XHTML", "a.bpmn", '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "package"),
    fixed("a picture in XML", "a.bpmn", '<svg xmlns="http://www.w3.org/2000/svg"/>', "package"),
    fixed("JSON named .bpmn", "a.bpmn", '{"a": 1}', "xml"),
    fixed("a form alone", "form.json", BUILT_IN.forms["budget"], "file"),
    fixed("a manifest alone", "process.toml", BUILT_IN.files["process.toml"], "file"),
    fixed("noise", "a.bpmn", bytes(range(128, 256)) * 40, "encoding"),
)
