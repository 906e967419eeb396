"""The API's own description, OpenAPI 3.1."""

from typing import cast

from flask import Blueprint, Response, current_app, jsonify
from flask_openapi3 import OpenAPI

from app.views.api.family import PREFIX
from app.views.session import public

blueprint = Blueprint("specification", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
@public
def show() -> Response:
    """Return the description."""
    return jsonify(cast("OpenAPI", current_app).api_doc)
