"""Inputs that are nearly right: what reads them must look at every part."""

import json
from typing import Any

from hypothesis import strategies as st

from app.engine.functions import FUNCTIONS
from tests.hostile.corpus.cases import BUILT_IN, package
from tests.hostile.corpus.decisions import CELLS
from tests.hostile.corpus.expressions import HOSTILE
from tests.hostile.corpus.forms import FORM

NOISE = st.binary(max_size=200)
ATOMS = st.one_of(
    st.sampled_from(
        ["draft.amount", "draft.rows", "draft.no", "params.deep", "draft.name", "rules", "nobody.x", "true"]
    ),
    st.sampled_from(['rules["expense.categories"]', '"甲"', "1e308", "-0.0", "9" * 38, "[]", "null", "None", "1.5"]),
    st.integers().map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "//", "%", "==", "!=", "<", ">=", "in", "not in", "and", "or", "is"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), joined).map(lambda parts: f"{parts[0]}({parts[1]})"),
        joined.map(lambda items: f"[{items}]"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        inner.map(lambda text: f"not {text}"),
        inner.map(lambda text: f"-{text}"),
    )


EXPRESSIONS = st.recursive(ATOMS, _larger, max_leaves=25)


@st.composite
def mutated(draw: st.DrawFn, text: str, grafts: st.SearchStrategy[str]) -> bytes:
    """Return a text with a few pieces cut out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 60)))
        piece = draw(st.sampled_from(["", text[start:end] * 2]) | grafts)
        text = text[:start] + piece + text[end:]
    return text.encode("utf-8", errors="surrogatepass")


PIECES = st.one_of(
    st.text(max_size=10), st.sampled_from(["<", "&", "'", '"', "]]>", "<!--", "\x00", "\ufffe", "&#0;", "=", "{}"])
)
TAGS = st.sampled_from(
    [
        "<bpmn:task id='a'/>",
        "<bpmn:subProcess id='s'>",
        "</bpmn:process>",
        "<bpmn:lane/>",
        "<a:b xmlns:a='urn:a'/>",
        "<?x?>",
    ]
)
DIAGRAMS = mutated(BUILT_IN.diagram, PIECES | TAGS | st.sampled_from(sorted(HOSTILE.values(), key=len)[:30]))
MANIFESTS = mutated(
    BUILT_IN.files["process.toml"], PIECES | st.sampled_from(["[[x]]", "x = 1\n", "[", "'''", "inf", "1e9"])
)
SCENARIOS = mutated(
    BUILT_IN.scenarios or "", PIECES | st.sampled_from(["&a ", "*a", "<<: ", "- ", "!!set ", "? ", ": ", "|\n"])
)
CELL_TEXTS = st.one_of(
    st.lists(
        st.sampled_from(["1", '"a"', "[", "]", "(", ")", "..", ",", "not", "<", ">=", "-", "+", "*", "**", "years", "grade", "if",
                         "then", "else", "null", "true", "and", "or", "=", "is_host", 'date("2026-01-01")', "9" * 18, ".5"]),
        max_size=14,
    ).map(" ".join),
    st.sampled_from(sorted(CELLS.values())),
    st.text(max_size=20),
)  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Return the archive of the package with a few bytes changed, cut out or put in."""
    content = bytearray(package())
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content) - 1) | st.integers(len(content) - 1200, len(content) - 1))
        content[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    return bytes(content)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["number", "select", "=x = 1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def forms(draw: st.DrawFn) -> bytes:
    """Return the built-in form with a few values replaced, and values to fill in."""
    form: Any = json.loads(json.dumps(FORM))
    for _ in range(draw(st.integers(0, 3))):
        _replace(draw, form, draw(JSON))
    values = draw(st.dictionaries(st.sampled_from(["studio", "year", "grants", "lines", "x"]), JSON, max_size=4))
    return json.dumps(form).encode() + b"\x00" + json.dumps(values).encode()


def _replace(draw: st.DrawFn, node: Any, value: Any) -> None:
    """Put a value in a random place below a node."""
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not places:
            return
        place = draw(st.sampled_from(places))
        inner = node[place]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            node[place] = value
            return
        node = inner
