"""Reading a form definition: restricted form-js JSON, schema version 19."""

from typing import Any

from app.domain.text import N_, sentence
from app.engine.forms.builders import build_components
from app.engine.forms.components import Component, Field
from app.engine.forms.form import Form
from app.engine.forms.list_fields import ListField
from app.engine.forms.problems import FormError, FormProblem
from app.engine.forms.source import Source
from app.engine.strict_json import read_json

SCHEMA_VERSION = 19
_LARGEST = 200_000
_MOST_COMPONENTS = 200


def parse_form(text: str) -> Form:
    """Read a form definition; raise FormError with every problem found."""
    problems: list[FormProblem] = []
    data = _load(text, problems)
    components = _read(data, problems) if data is not None else ()
    if problems:
        raise FormError(tuple(problems))
    return Form(id=str((data or {}).get("id", "")), components=components)


def _load(text: str, problems: list[FormProblem]) -> dict[str, Any] | None:
    try:
        data = read_json(text) if len(text) <= _LARGEST else None
    except ValueError:
        data = None
    if isinstance(data, dict):
        return data
    problems.append(
        FormProblem(
            "",
            "form-json",
            sentence(N_("表单文件要是一个 JSON 对象，不超过 200 KB，字段不重复，数字有限，嵌套不超过 32 层。")),
        )
    )
    return None


def _read(data: dict[str, Any], problems: list[FormProblem]) -> tuple[Component, ...]:
    top = Source(data, "", problems)
    if top.take("schemaVersion") != SCHEMA_VERSION:
        top.refuse("form-schema-version", N_("schemaVersion 要是 19，请用 form-js 重新保存。"))
    top.one_of("type", {"default"})
    top.word("id")
    for key in ("exporter", "executionPlatform", "executionPlatformVersion", "versionTag"):
        top.take(key)
    components = build_components(top.objects("components"), problems)
    top.finish()
    if not components:
        top.refuse("form-empty", N_("表单里还没有内容，请在 components 里加上字段。"))
    _check_together(components, top)
    return components


def _check_together(components: tuple[Component, ...], top: Source) -> None:
    everything = [*components, *(cell for one in components if isinstance(one, ListField) for cell in one.cells)]
    if len(everything) > _MOST_COMPONENTS:
        top.refuse("form-too-long", N_("一张表单最多 %(limit)d 个组件，请分成几张。"), limit=_MOST_COMPONENTS)
    _check_unique([one.id for one in everything], top, N_("编号 id “%(name)s”重复了，请改成不同的。"))
    _check_scope(components, set(), top)
    for one in components:
        if isinstance(one, ListField):
            outside = {field.key for field in components if isinstance(field, Field)}
            _check_scope(one.cells, outside, top)


def _check_scope(components: tuple[Component, ...], known: set[str], top: Source) -> None:
    """Keys are unique, and a condition looks only at what comes before it: no circles, one order."""
    keys = [one.key for one in components if isinstance(one, Field)]
    _check_unique(keys, top, N_("字段名 key “%(name)s”重复了，请改成不同的。"))
    earlier = set(known)
    for one in components:
        if one.condition is not None and one.condition.key not in earlier:
            message = N_("隐藏条件里的“%(name)s”要是排在它前面的字段。")
            top.problems.append(FormProblem(one.name, "form-condition", sentence(message, name=one.condition.key)))
        if isinstance(one, Field):
            earlier.add(one.key)


def _check_unique(names: list[str], top: Source, message: str) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        top.refuse("form-duplicate", message, name=name)
