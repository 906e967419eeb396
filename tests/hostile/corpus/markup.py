"""XML that attacks its reader."""

from tests.hostile.corpus.cases import BUILT_IN, FIT, REFUSED, Case, changed

DIAGRAM = BUILT_IN.diagram
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = DIAGRAM.split("?>", 1)[1]
NAME = "财务确认预算"


def with_doctype(declarations: str, reference: str = NAME) -> bytes:
    return f"{HEAD}<!DOCTYPE d [{declarations}]>{BODY.replace(NAME, reference, 1)}".encode()


def laughs(levels: int = 12) -> bytes:
    entities = ['<!ENTITY a0 "哈">']
    entities += [f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels)]
    return with_doctype("".join(entities), f"&a{levels - 1};")


def doctype(name: str, declarations: str, reference: str = NAME) -> Case:
    return Case(name, "a.bpmn", lambda: with_doctype(declarations, reference), REFUSED)


def tampered(name: str, old: str, new: str, rule: str) -> Case:
    return Case(name, "a.bpmn", lambda: changed(old, new).encode(), rule)


ROOT_END = "</bpmn:definitions>"
PROCESS = "<bpmn:process "
CASES = (
    Case("a billion laughs", "a.bpmn", laughs, REFUSED),
    Case("a quadratic blow-up", "a.bpmn", lambda: with_doctype(f'<!ENTITY a "{"哈" * 9000}">', "&a;" * 9000), REFUSED),
    doctype("an entity of a file", '<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    doctype("an entity of the net", '<!ENTITY a SYSTEM "http://169.254.169.254/latest/meta-data">', "&a;"),
    doctype("an entity of a device", '<!ENTITY a SYSTEM "file:///dev/zero">', "&a;"),
    doctype("an entity of itself", '<!ENTITY a "&a;">', "&a;"),
    doctype("two entities of each other", '<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
    doctype("parameter entities", '<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;'),
    doctype("an entity in a default", '<!ATTLIST process name CDATA "x">'),
    doctype("a harmless document type", ""),
    Case(
        "a document type elsewhere",
        "a.bpmn",
        f'{HEAD}<!DOCTYPE d SYSTEM "http://127.0.0.1:1/d.dtd">{BODY}'.encode,
        REFUSED,
    ),
    tampered("an entity that nobody declared", NAME, "&nobody;", "xml"),
    tampered("a character that is none", NAME, "&#xD800;", "xml"),
    tampered("a character NUL", NAME, "&#0;", "xml"),
    tampered(
        "XInclude of a file",
        ROOT_END,
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>' + ROOT_END,
        "bpmn-schema",
    ),
    tampered(
        "an import of another file",
        "<bpmn:process ",
        '<bpmn:import importType="x" location="file:///etc/passwd" namespace="y"/><bpmn:process ',
        REFUSED,
    ),
    tampered(
        "a style sheet", "<bpmn:definitions", '<?xml-stylesheet href="file:///etc/passwd"?><bpmn:definitions', FIT
    ),
    tampered("a comment with two dashes", PROCESS, "<!-- -- -->" + PROCESS, "xml"),
    tampered(
        "markup in CDATA", "</bpmn:process>", "<![CDATA[<script>alert(1)</script>]]></bpmn:process>", "bpmn-schema"
    ),
    tampered("a prefix without a name space", PROCESS, "<nobody:x/>" + PROCESS, "xml"),
    tampered("a file cut short", ROOT_END, "", "xml"),
    tampered("two roots", ROOT_END, ROOT_END + "<x/>", "xml"),
    tampered("an attribute twice", 'id="finance_confirm"', 'id="finance_confirm" id="x"', "xml"),
    tampered(
        "another name space for everything",
        "http://www.omg.org/spec/BPMN/20100524/MODEL",
        "http://www.omg.org/spec/BPMN/20100524/MODEL2",
        "package",
    ),
    tampered("a script in a name", NAME, "&lt;script&gt;alert(1)&lt;/script&gt;财务", FIT),
    tampered("a placeholder in a name", NAME, "%(key)s 财务 %s {0.__class__}", FIT),
)
