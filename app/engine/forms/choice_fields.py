"""Fields for choosing: one, several, or yes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.text import N_
from app.engine.forms.components import Field, Inputs, brief
from app.engine.forms.registry import OPTION_LISTS, Option
from app.engine.forms.source import Source

_MOST_CHOICES = 200


@dataclass(frozen=True, kw_only=True)
class ChoiceField(Field):
    """A choice from fixed options or from a named list; `12` and `"12"` name the same option."""

    choices: tuple[Option, ...] = ()
    list_key: str = ""
    is_multiple: bool = False
    missing: ClassVar[str] = N_("请选择%(label)s。")

    def options(self, inputs: Inputs) -> Sequence[Option]:
        """Return what there is to choose."""
        return inputs.options.get(self.list_key, ()) if self.list_key else self.choices

    def clean(self, value: Any, inputs: Inputs) -> Any:
        """Return the chosen option's own value, or a list of them; raise Wrong."""
        if self.is_multiple:
            return self._clean_several(value, inputs)
        if value is None or value == "":
            self.require(None, inputs)
            return None
        return self._find(value, inputs)

    def read(self, texts: Sequence[str]) -> Any:
        """Return the posted choice or choices."""
        return [text for text in texts if text] if self.is_multiple else super().read(texts)

    def _clean_several(self, value: Any, inputs: Inputs) -> list[Any] | None:
        chosen = [] if value is None else value
        if not isinstance(chosen, list):
            raise self.wrong(N_("%(label)s要填一列选项。"))
        self.require(chosen, inputs)
        if len(chosen) > _MOST_CHOICES:
            raise self.wrong(N_("%(label)s最多选 %(limit)d 项。"), limit=_MOST_CHOICES)
        return list(dict.fromkeys(self._find(one, inputs) for one in chosen))

    def _find(self, value: Any, inputs: Inputs) -> str | int:
        if isinstance(value, str | int) and not isinstance(value, bool):
            for option in self.options(inputs):
                if str(option.value) == str(value):
                    return option.value
        raise self.wrong(N_("%(label)s没有“%(given)s”这个选项，请从列出的选项里选。"), given=brief(value))


@dataclass(frozen=True, kw_only=True)
class CheckboxField(Field):
    """A box to tick; required means that it must be ticked."""

    missing: ClassVar[str] = N_("请勾选“%(label)s”。")

    def clean(self, value: Any, inputs: Inputs) -> bool:
        """Return whether it is ticked; raise Wrong."""
        if value is not None and not isinstance(value, bool):
            raise self.wrong(N_("%(label)s要填 true 或者 false。"))
        self.require(bool(value), inputs)
        return bool(value)

    def read(self, texts: Sequence[str]) -> Any:
        """Return whether the page posted the box."""
        return any(text not in {"", "false", "off", "0"} for text in texts)


def build_choice_field(source: Source, common: Mapping[str, Any]) -> ChoiceField:
    """Read what belongs to select, radio and checklist only."""
    list_key = source.one_of("valuesKey", OPTION_LISTS) or ""
    choices = tuple(_option(source, item) for item in source.objects("values"))
    if bool(list_key) is bool(choices):
        source.refuse("form-options", N_("请给出选项：要么写 values，要么用 valuesKey 指定名单，二者选一。"))
    if len({option.value for option in choices}) < len(choices):
        source.refuse("form-options", N_("选项的值不能重复，请改正 values。"))
    return ChoiceField(**common, choices=choices, list_key=list_key, is_multiple=common["type"] == "checklist")


def _option(source: Source, item: dict[str, Any]) -> Option:
    entry = Source(item, source.where, source.problems, prefix="values.")
    option = Option(value=entry.word("value"), label=entry.text("label", longest=200))
    if not option.value or not option.label:
        source.refuse("form-options", N_("每个选项都要有 value 和 label。"))
    entry.finish()
    return option
