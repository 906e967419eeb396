"""What forms are made of: the parts that all components share."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from app.domain.text import N_, sentence
from app.engine.forms.conditions import Condition
from app.engine.forms.problems import Wrong
from app.engine.forms.registry import Option

_BRIEF = 40
_WIDEST_INTEGER = 128
Mode = Literal["write", "read", "hidden"]
FULL_WIDTH = 16


@dataclass(frozen=True)
class Access:
    """In which user tasks a component can be written, is shown only, or is not shown."""

    write: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def mode(self, element: str | None) -> Mode:
        """Return what one element may do with the component; without an element nothing is restricted."""
        if element is None:
            return "write"
        if element in self.hidden:
            return "hidden"
        if element in self.read or (self.write and element not in self.write):
            return "read"
        return "write"


@dataclass(frozen=True)
class Inputs:
    """What a caller may choose from."""

    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    attachments: Container[str] = ()
    # Someone who returns or refuses need not fill in the form; what is filled in must still be right.
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Component:
    """Something on a form."""

    id: str
    type: str
    label: str = ""
    description: str = ""
    width: int = FULL_WIDTH
    condition: Condition | None = None
    access: Access = Access()

    @property
    def name(self) -> str:
        """Return what problems call the component."""
        return self.id

    def is_hidden(self, scope: Mapping[str, Any]) -> bool:
        """Tell whether its condition hides the component, given the values around it."""
        return self.condition is not None and self.condition.holds(scope)


@dataclass(frozen=True, kw_only=True)
class TextBlock(Component):
    """Sentences between the fields."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Field(Component):
    """A component that carries a value.

    No abstract base class: telling the kinds of fields apart, as each check of a form does, would take five times as long.
    """

    key: str
    is_required: bool = False
    default: Any = None
    clause: str = ""
    # The fact of the person's file that a start form begins with.
    prefill: str = ""
    # The rule that a start form begins with, and that what is handed in takes the place of in this case alone.
    rule: str = ""
    missing: ClassVar[str] = N_("请填写%(label)s。")

    @property
    def name(self) -> str:
        """Return the field's key."""
        return self.key

    def clean(self, value: Any, inputs: Inputs) -> Any:
        """Return the value to store, None for nothing; raise Wrong."""
        raise NotImplementedError

    def read(self, texts: Sequence[str]) -> Any:
        """Turn what a page posted into a value, or leave the text where it makes no sense."""
        return next((text for text in texts if text.strip()), None)

    def text(self, value: Any) -> str:
        """Return what an input shows for a value or for a text that could not be read."""
        return "" if value is None else str(value)

    def require(self, value: Any, inputs: Inputs) -> None:
        """Raise Wrong where the field is required and there is no value."""
        if not value and self.is_required and not inputs.is_partial:
            raise self.wrong(self.missing)

    def wrong(self, message: str, **params: object) -> Wrong:
        """Build the refusal of a value in words that name the field."""
        return Wrong(sentence(message, label=self.label, **params))


def brief(value: object) -> str:
    """Quote a submitted value in a sentence, whatever it is."""
    if isinstance(value, dict | list):
        return N_("一组内容")
    if isinstance(value, int) and value.bit_length() > _WIDEST_INTEGER:
        return N_("很大的数")
    return str(value)[:_BRIEF]
