"""A form: its components, and what can be asked of it."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.vocabulary import Verdict
from app.engine.forms.choice_fields import ChoiceField
from app.engine.forms.components import Component, Field, Inputs
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.posting import Posted, read_posted
from app.engine.forms.registry import Option
from app.engine.forms.showing import Shown, show
from app.engine.forms.validation import validate

INCOMPLETE_VERDICTS = frozenset({Verdict.RETURN, Verdict.REFUSE})
"""Verdicts that do not ask for the form to be filled in."""


@dataclass(frozen=True)
class Form:
    """A parsed form; immutable, shared between requests."""

    id: str
    components: tuple[Component, ...]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Return the top-level fields by key."""
        return {one.key: one for one in self.components if isinstance(one, Field)}

    @cached_property
    def list_keys(self) -> tuple[str, ...]:
        """Return the names of the option lists that it offers."""
        chosen = (one.list_key for one in self.walk() if isinstance(one, ChoiceField))
        return tuple(sorted({key for key in chosen if key}))

    @cached_property
    def has_files(self) -> bool:
        """Tell whether files can be handed in with it."""
        return any(isinstance(one, FileField) for one in self.walk())

    def walk(self) -> Iterator[Component]:
        """Yield every component, a list before its cells."""
        for component in self.components:
            yield component
            if isinstance(component, ListField):
                yield from component.cells

    def field(self, path: str) -> Field | None:
        """Return the field at a path such as `items.0.amount` or `items.amount`, or None."""
        names = [name for name in path.split(".") if not name.isdecimal()]
        found = self.fields.get(names[0])
        if len(names) == 1 or found is None:
            return found
        return (
            found.fields.get(names[1]) if isinstance(found, ListField) and len(names) == len(("list", "cell")) else None
        )

    def defaults(self) -> dict[str, Any]:
        """Return what a new form starts with; a list starts with its blank rows."""
        return {key: _default(field) for key, field in self.fields.items() if _default(field) is not None}

    def begun(self, held: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a task starts from: what is held, and the rows that other elements gave its lists."""
        lists = {key: one for key, one in self.fields.items() if isinstance(one, ListField) and one.begins}
        rows = {key: one.begun(held.get(key), around) for key, one in lists.items()}
        return {**held, **{key: found for key, found in rows.items() if found is not None}}

    def validate(
        self,
        submitted: object,
        options: Mapping[str, Sequence[Option]],
        attachments: Container[str],
        element: str | None = None,
        current: Mapping[str, Any] | None = None,
        *,
        is_partial: bool = False,
    ) -> dict[str, Any]:
        """Return the values to store; raise Invalid with a sentence for each field path.

        `element` is the user task or start event: fields that it may not write keep their `current` values.
        `is_partial` lets required fields be missing: for a draft, and for a verdict of `INCOMPLETE_VERDICTS`.
        """
        return validate(self.fields, submitted, Inputs(options, attachments, is_partial), element, current or {})

    def from_http(self, posted: Posted, element: str | None = None) -> dict[str, Any]:
        """Return what a page posted as values; a text that makes no sense stays a text for `validate` to refuse."""
        return read_posted(self.components, posted, element)

    def shown(
        self, values: Mapping[str, Any], element: str | None = None, *, is_readonly: bool = False
    ) -> tuple[Shown, ...]:
        """Return what a page shows, hidden components left out."""
        return show(self.components, values, element, is_readonly=is_readonly)

    def attachments_in(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of the attachments that stored values name, each once."""
        found = (name for shown in _flat(self.shown(values)) for name in _files(shown))
        return tuple(dict.fromkeys(found))


def _default(field: Field) -> Any:
    if isinstance(field, ListField):
        row = {key: cell.default for key, cell in field.fields.items() if cell.default is not None}
        return [dict(row) for _ in range(field.blank_rows)]
    return field.default


def _flat(shown: Sequence[Shown]) -> Iterator[Shown]:
    for one in shown:
        yield one
        for row in one.rows:
            yield from row


def _files(shown: Shown) -> list[str]:
    if not isinstance(shown.component, FileField):
        return []
    values = shown.value if isinstance(shown.value, list) else [shown.value]
    return [value for value in values if isinstance(value, str) and value]
