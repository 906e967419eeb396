"""What the parts of the API share: prefix, security, problem documents, and how bodies are read."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from flask_openapi3 import APIBlueprint, Parameter, Tag
from flask_openapi3.types import ParametersTuple
from flask_openapi3.utils import parse_rule

PREFIX = "/api/v1"
View = TypeVar("View", bound=Callable[..., Any])
LARGEST_BODY = 2**20
REFERENCE = {"schema": {"$ref": "#/components/schemas/Problem"}}
PROBLEM = {"description": "问题说明（RFC 9457）", "content": {"application/problem+json": REFERENCE}}
KEY = Parameter.model_validate(
    {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "同一个键再来一次，得到第一次的结果，不会办两次；换了内容是 422",
        "required": False,
        "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    }
)
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

    def post_once(self, rule: str, **facts: Any) -> Callable[[View], View]:
        """Register a POST that does something to a case, with the key under which it may be sent again."""

        def register(view: View) -> View:
            self.post(rule, **facts)(view)
            operation = self.paths[parse_rule(rule, url_prefix=PREFIX)].post
            operation.parameters = [*(operation.parameters or ()), KEY]
            return view

        return register

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
