"""Facts of the person's file that a field starts with, before anything is typed."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.facts import FACTS, Fact, FactType, Value
from app.domain.text import N_
from app.engine.forms.components import Field, Inputs
from app.engine.forms.problems import Wrong
from app.engine.forms.source import Source
from app.engine.forms.text_fields import TextField

PREFILL = "prefill"
FITTING: Mapping[FactType, frozenset[str]] = MappingProxyType(
    {
        FactType.NUMBER: frozenset({"number"}),
        FactType.TEXT: frozenset({"textfield", "textarea", "select", "radio"}),
        FactType.DATE: frozenset({"datetime"}),
        FactType.BOOLEAN: frozenset({"checkbox"}),
    }
)


def read_prefill(source: Source, properties: Source, component: str) -> str:
    """Read the name of the fact that a component of a type starts with, empty where there is none."""
    name = properties.word(PREFILL)
    fact = FACTS.get(name)
    if not name:
        return ""
    if fact is None or fact.is_confidential:
        message = N_("没有能填进表单的事实“%(name)s”，名单见 docs/facts.md。")
        source.refuse("form-prefill", message, name=name[:60])
    elif component not in FITTING[fact.type]:
        message = N_("“%(title)s”填不进这种组件，请改用：%(allowed)s。")
        source.refuse("form-prefill", message, title=fact.title, allowed="、".join(sorted(FITTING[fact.type])))
    return name


def fitted(field: Field, fact: Fact, value: Value, inputs: Inputs) -> Value:
    """Return a fact's value as the field keeps it, None where the field would refuse it."""
    given = fact.options.get(str(value), value) if isinstance(field, TextField) else value
    try:
        kept: Value = field.clean(given, inputs)
    except Wrong:
        return None
    return kept
