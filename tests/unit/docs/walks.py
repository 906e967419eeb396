"""Completing what the guide abridges: its fragments of a diagram, merged, framed and laid out in a line."""

from collections.abc import Mapping

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPACES = {
    "bpmn": BPMN,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "shenpi": "urn:shenpi:bpmn:1",
}
_FRAME = "<frame {spaces}>{body}</frame>"
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in SPACES.items())
GUIDED = "study_leave"
TITLES = {GUIDED: "外出研修申请"}
PEOPLE = "people:\n  江帆: [academic_affairs_office]\n  陈国栋: [principal]"


def name_of(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def completed(key: str, title: str, fragment: str, whole: str | None) -> str:
    """Return a diagram: the fragment's elements in place of those of the same id, all of them drawn."""
    given = etree.fromstring(_FRAME.format(spaces=_DECLARED, body=fragment))
    process = etree.Element(name_of("process"), {"id": key, "name": title, "isExecutable": "true"}, SPACES)
    known = (
        []
        if whole is None
        else [one for part in etree.fromstring(whole.encode()).iter(name_of("process")) for one in part]
    )
    fresh = {one.get("id"): one for one in given}
    for one in [*(fresh.pop(each.get("id"), each) for each in known), *list(fresh.values())]:
        if one.tag != name_of("laneSet"):
            for way in [*one.iterfind(name_of("incoming")), *one.iterfind(name_of("outgoing"))]:
                one.remove(way)
            process.append(one)
    root = etree.Element(name_of("definitions"), {"id": f"{key}_definitions", "targetNamespace": "urn:x"}, SPACES)
    root.extend([process, _drawn(process, key)])
    return etree.tostring(root, encoding="unicode")


def _drawn(process: etree._Element, key: str) -> etree._Element:
    diagram = etree.Element(f"{{{SPACES['bpmndi']}}}BPMNDiagram", {"id": f"{key}_diagram"})
    plane = etree.SubElement(diagram, f"{{{SPACES['bpmndi']}}}BPMNPlane", {"id": f"{key}_plane", "bpmnElement": key})
    for place, one in enumerate(process):
        name = str(one.get("id"))
        is_flow = one.tag == name_of("sequenceFlow")
        kind = "BPMNEdge" if is_flow else "BPMNShape"
        shape = etree.SubElement(plane, f"{{{SPACES['bpmndi']}}}{kind}", {"id": f"{name}_drawn", "bpmnElement": name})
        if is_flow:
            for x in (0, 100):
                etree.SubElement(shape, f"{{{SPACES['di']}}}waypoint", {"x": str(x), "y": "0"})
        else:
            bounds = {"x": str(150 * place), "y": "0", "width": "100", "height": "80"}
            etree.SubElement(shape, f"{{{SPACES['dc']}}}Bounds", bounds)
    return diagram


def files_of(walk: Mapping[str, str], guide: Mapping[str, str]) -> dict[str, str]:
    """Return the files that a walk comes to, those of the guide's own process among them."""
    found = {**guide, **{path: _whole(path, text, guide) for path, text in walk.items()}}
    for key in {path.split("/")[1] for path in walk}:
        found.setdefault(f"processes/{key}/process.toml", _manifest(key))
    return found


def _whole(path: str, text: str, guide: Mapping[str, str]) -> str:
    key, name = path.split("/")[1], path.rpartition("/")[2]
    if name.endswith(".bpmn"):
        return completed(key, TITLES.get(key, "另一个流程"), text, guide.get(path))
    if name == "process.toml":
        return f"{guide.get(path) or _manifest(key)}\n{text}"
    if name == "scenarios.yaml":
        head = guide[f"processes/{GUIDED}/scenarios.yaml"].partition("scenarios:\n")[0]
        return f"{head.replace('people:', PEOPLE)}scenarios:\n{text}"
    return text


def _manifest(key: str) -> str:
    code = key.replace("_", "")[:4].upper()
    return f'key = "{key}"\ntitle = "另一个流程"\ncode = "{code}"\ncategory = "人事"\n'
