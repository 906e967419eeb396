"""Fields for attachments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.text import N_
from app.engine.forms.components import Field, Inputs
from app.engine.forms.source import Source

_MOST_FILES = 30
_ACCEPT = re.compile(r"\.[a-z0-9]{1,8}(,\.[a-z0-9]{1,8})*")


@dataclass(frozen=True, kw_only=True)
class FileField(Field):
    """One attachment id, or a list of them."""

    is_multiple: bool = False
    accept: str = ""
    capture: str = ""
    missing: ClassVar[str] = N_("请上传%(label)s。")

    def clean(self, value: Any, inputs: Inputs) -> Any:
        """Return the attachments' ids; raise Wrong for one that the caller may not use."""
        if not self.is_multiple:
            return self._one(value, inputs)
        files = [] if value is None else value
        if not isinstance(files, list):
            raise self.wrong(N_("%(label)s要填一列附件编号。"))
        self.require(files, inputs)
        if len(files) > _MOST_FILES:
            raise self.wrong(
                N_("%(label)s最多传 %(limit)d 个文件，您传了 %(given)d 个。"), limit=_MOST_FILES, given=len(files)
            )
        return list(dict.fromkeys(self._known(one, inputs) for one in files))

    def read(self, texts: Sequence[str]) -> Any:
        """Return the posted id or ids."""
        return [text for text in texts if text] if self.is_multiple else super().read(texts)

    def _one(self, value: Any, inputs: Inputs) -> str | None:
        if value is None or value == "":
            self.require(None, inputs)
            return None
        return self._known(value, inputs)

    def _known(self, value: Any, inputs: Inputs) -> str:
        if not isinstance(value, str) or value not in inputs.attachments:
            raise self.wrong(N_("%(label)s里的文件没有找到，请重新上传。"))
        return value


def build_file_field(source: Source, properties: Source, common: Mapping[str, Any]) -> FileField:
    """Read what belongs to file pickers only."""
    accept = source.word("accept").replace(" ", "")
    if accept and _ACCEPT.fullmatch(accept) is None:
        source.refuse("form-bad-value", N_("“%(key)s”要写成扩展名，用逗号隔开，例如 .pdf,.jpg。"), key="accept")
    return FileField(
        **common,
        is_multiple=source.flag("multiple"),
        accept=accept,
        capture=properties.one_of("capture", {"environment", "user"}) or "",
    )
