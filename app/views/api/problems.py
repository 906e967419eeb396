"""What pydantic refuses, said in Chinese by field."""

from collections.abc import Mapping

from flask import Response
from flask_babel import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import Invalid
from app.domain.text import N_
from app.views.errors import problem

SENTENCES: Mapping[str, str] = {
    "missing": N_("缺少这一项，请补上。"),
    "extra_forbidden": N_("没有这一项，请删去。"),
    "string_type": N_("要填文字。"),
    "string_too_long": N_("太长，最多 %(max_length)s 个字。"),
    "string_too_short": N_("太短，至少 %(min_length)s 个字。"),
    "int_type": N_("要填整数。"),
    "int_parsing": N_("要填整数。"),
    "int_parsing_size": N_("这个数太大。"),
    "int_from_float": N_("要填整数。"),
    "bool_type": N_("要填 true 或者 false。"),
    "greater_than_equal": N_("不能小于 %(ge)s。"),
    "less_than_equal": N_("不能大于 %(le)s。"),
    "enum": N_("只能是：%(expected)s。"),
    "literal_error": N_("只能是：%(expected)s。"),
    "dict_type": N_("要填一组字段和值，例如 {…}。"),
    "model_type": N_("要填一组字段和值，例如 {…}。"),
    "model_attributes_type": N_("要填一组字段和值，例如 {…}。"),
    "list_type": N_("要填一列，例如 […]。"),
    "too_long": N_("太多，最多 %(max_length)s 项。"),
    "too_short": N_("太少，至少 %(min_length)s 项。"),
}
DATE = N_("要填日期，例如 2026-11-23。")
OTHER = N_("这一项不对，请按接口说明填写。")


def invalid_request(error: ValidationError) -> Response:
    """Answer a body or query that does not have the API's shape with a problem document."""
    found: dict[str, list[str]] = {}
    for details in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in details["loc"]) or "body"
        found.setdefault(path, []).append(_sentence(details))
    return problem(422, _(Invalid.message), {"errors": found})


def _sentence(details: ErrorDetails) -> str:
    if details["type"].startswith("date") or "isoformat" in details["msg"]:
        return str(_(DATE))
    message = SENTENCES.get(details["type"], OTHER)
    context = {
        name: str(value).replace("'", "").replace(", ", "、").replace(" or ", "、")
        for name, value in details.get("ctx", {}).items()
    }
    return str(_(message, **context)) if "%(" in message else str(_(message))
