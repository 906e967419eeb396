"""What the parts of the API share: prefix, security, problem documents, and how bodies are read."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_openapi3 import APIBlueprint, Tag
from flask_openapi3.types import ParametersTuple

PREFIX = "/api/v1"
LARGEST_BODY = 2**20
REFERENCE = {"schema": {"$ref": "#/components/schemas/Problem"}}
PROBLEM = {"description": "问题说明（RFC 9457）", "content": {"application/problem+json": REFERENCE}}
SECURITY: list[dict[str, list[str]]] = [{"bearer": []}]


class Family(APIBlueprint):
    """A part of the API under one name; its routes are described in Chinese."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(
            f"api_{name}",
            __name__,
            url_prefix=PREFIX,
            abp_tags=[Tag(name=title)],
            abp_security=SECURITY,
            abp_responses={"4XX": dict(PROBLEM), "422": dict(PROBLEM)},
        )
        self.before_request(read_body)

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **facts: Any) -> ParametersTuple:
        # Without a description the English docstring would be shown.
        facts["description"] = facts.get("description") or facts.get("summary")
        return super()._collect_openapi_info(rule, func, **facts)


def read_body() -> None:
    """Read the JSON body before the view does, so that what cannot be read is said to be so.

    Raises BadRequest, UnsupportedMediaType and RequestEntityTooLarge.
    """
    if request.mimetype == "multipart/form-data":
        return
    request.max_content_length = LARGEST_BODY
    if request.method in {"POST", "PUT"} and request.get_data():
        request.get_json()
