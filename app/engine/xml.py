"""XML from people who may be hostile: bounded, without entities, without a document type."""

from typing import Any

from lxml import etree

from app.domain.text import N_
from app.engine.handover.texts import LARGEST_DIAGRAM
from app.engine.problems import Report

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHENPI = "{urn:shenpi:bpmn:1}"


def parse_xml(text: str, report: Report) -> Any:
    """Return the root element; every defect is noted in the report, which then raises PackageError."""
    content = text.encode()
    if len(content) > LARGEST_DIAGRAM:
        report.add("", "xml-size", N_("文件超过 %(limit)d 字节，请删去多余的内容。"), limit=LARGEST_DIAGRAM)
        report.stop_if_wrong()
    root = _parse(content, report)
    report.stop_if_wrong()
    return root


def _parse(content: bytes, report: Report) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        report.add(
            "",
            "xml",
            N_("文件不是完整的 XML，第 %(line)d 行有错，请用流程设计器打开再保存，或者核对那一行的尖括号和引号。"),
            line=error.lineno or 0,
        )
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        report.add("", "xml-doctype", N_("文件里不能有 DOCTYPE 声明，请删去。"))
    return root
