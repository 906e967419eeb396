import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from app.domain.errors import Invalid
from app.engine.forms import Form, Option, parse_form


def form_of(*components: dict[str, Any]) -> Form:
    numbered = [{"id": f"c{index}"} | component for index, component in enumerate(components)]
    return parse_form(json.dumps({"schemaVersion": 19, "type": "default", "id": "f", "components": numbered}))


def problems_of(form: Form, submitted: object, **more: Any) -> dict[str, list[str]]:
    options: Mapping[str, Sequence[Option]] = more.pop("options", {})
    with pytest.raises(Invalid) as caught:
        form.validate(submitted, options, more.pop("attachments", ()), **more)
    return {path: [str(one) for one in found] for path, found in caught.value.errors.items()}
