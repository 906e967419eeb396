"""The request that the permission table sends to each route: about the school of the case, and harmless.

What is sent is complete enough to get past the shape and wrong enough to change nothing: a stale
revision, an empty remark, a colleague who does not exist.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule

BODIES: Mapping[str, Any] = {
    "POST /api/v1/absences": {
        "organization": "{school}",
        "substitute": 999999,
        "from": "2020-01-01",
        "until": "2020-01-02",
    },
    "POST /api/v1/definitions": {"organization": "{school}", "file": b"%PDF-"},
    "POST /api/v1/definitions/<key>/versions/<int:number>/return": {"reason": "x"},
    "POST /api/v1/imports/<kind>": {"organization": "{school}", "file": b"%PDF-"},
    "POST /imports/<kind>": {"organization": "{school}"},
    "POST /api/v1/instances": {"process": "expense_approval", "organization": "{school}", "values": {}},
    "POST /api/v1/instances/<int:id>/withdraw": {},
    "POST /api/v1/instances/<int:id>/copy": {"people": [999999]},
    "POST /api/v1/instances/<int:id>/comments": {"text": " "},
    "POST /api/v1/filing-runs/<int:id>/accept": {"mark": "x"},
    "POST /api/v1/filings/<int:id>/rows/<int:row>": {"verdict": "accept", "revision": 1},
    "POST /api/v1/rounds/<int:id>/dates": {
        "name": "apply_until",
        "date": "2020-01-01",
        "reason": "x",
        "revision": 999,
    },
    "PUT /api/v1/notices/<int:id>": {"title": "x", "intro": "x", "signed_by": "x", "revision": 1},
    "POST /api/v1/notices/<int:id>/objections": {"person": 999999, "reason": "x"},
    "POST /notices/<int:notice_id>/object": {"person": "999999", "reason": "x"},
    "POST /api/v1/notices/<int:id>/change": {"reason": " ", "revision": 1},
    "POST /api/v1/notices/<int:id>/proofs": {"attachment": "x", "board": "x"},
    "POST /notices/<int:notice_id>/change": {"reason": " ", "revision": "1"},
    "POST /api/v1/notifications/read": {"all": True},
    "PUT /api/v1/notifications/settings": {"kinds": ["task"]},
    "PUT /api/v1/notifications/settings/address": {"email": None},
    "POST /api/v1/notifications/settings/address/confirm": {"code": "000000"},
    "POST /api/v1/processes/<key>/path": {"organization": "{school}", "values": {}},
    "POST /api/v1/ballots/<int:id>/passphrase": {"passphrase": "x"},
    "POST /api/v1/ballots/<int:id>/count": {"passphrase": "x"},
    "POST /api/v1/ballots/<int:id>/confirm": {"passphrase": "x"},
    "POST /api/v1/ballots/<int:id>/paper-voters": {"person": 1},
    "POST /api/v1/ballots/<int:id>/papers": {"papers": 1, "votes": []},
    "POST /api/v1/tasks/<int:id>/vote": {"choices": []},
    "POST /api/v1/tasks/<int:id>/recuse": {"reason": "x", "revision": 999},
    "POST /api/v1/people/<int:id>/hand-over": {"to": 1, "reason": "x", "tasks": []},
    "POST /api/v1/tasks/<int:id>/claim": {"revision": 999},
    "POST /api/v1/tasks/<int:id>/release": {"revision": 999},
    "POST /api/v1/tasks/<int:id>/transfer": {"revision": 999, "to": 1, "reason": "x"},
    "POST /api/v1/tasks/<int:id>/delegate": {"revision": 999, "to": 1},
    "POST /api/v1/tasks/<int:id>/add-signer": {"revision": 999, "people": [1], "when": "after"},
    "POST /api/v1/tasks/<int:id>/recall": {"revision": 999},
    "POST /api/v1/tasks/<int:id>/complete": {"revision": 999, "verdict": "return", "comment": "x"},
    "POST /api/v1/tasks/<int:id>/draft": {"values": {"nothing": 1}},
    "POST /api/v1/tasks/<int:id>/return": {"to": "nowhere", "reason": "x", "revision": 999},
    "PUT /api/v1/organizations/<int:id>/rank-columns": {"columns": [], "revision": 0},
    "PUT /api/v1/rules/<parameter>": {"organization": "{school}", "value": 3, "from": "2020-01-01", "reason": ""},
    "POST /tasks/<int:item_id>/more/<hand>": {"to": "1", "reason": "x"},
    "POST /versions/new": {"organization": "{school}", "file": b"%PDF-"},
    "POST /people/new": {"organization": "{school}"},
    "POST /people/<int:person_id>/hand-over": {"to": "1", "reason": "x"},
    "POST /people/<int:person_id>/leave": {"organization": "{school}"},
    "POST /people/import": {"organization": "{school}"},
    "POST /rules/<programme>/<parameter>": {"value": "3", "from": "2020-01-01", "reason": "x"},
    "POST /schedules/<key>/adopt": {"organization": "{school}"},
    "POST /schedules/<key>/stop": {"organization": "{school}"},
    "POST /studios/new": {"organization": "{school}"},
    "POST /authorizations/new": {"organization": "{school}"},
    "POST /api/v1/opinions": {"text": " "},
    "PUT /api/v1/opinions/<int:id>": {"text": "x"},
    "POST /keyboard": {"shortcuts": "on"},
    "POST /organizations/new": {"parent": "{school}"},
    "POST /api/v1/organizations/<int:id>/homeroom-list": {
        "school_year": 2026,
        "revision": 0,
        "from": "2026-09-01",
        "classes": [],
    },
    "POST /profile/absences/new": {"organization": "{school}"},
}
QUERIES: Mapping[str, str] = {
    "GET /api/v1/definitions": "organization={school}",
    "GET /api/v1/processes": "organization={school}",
    "GET /api/v1/rules": "organization={school}",
    "GET /people": "organization={school}",
    "GET /people/new": "organization={school}",
    "GET /people/import": "organization={school}",
    "GET /people/<int:person_id>/leave": "organization={school}",
    "GET /rules": "organization={school}",
    "GET /rules/<programme>/<parameter>": "organization={school}",
    "POST /rules/<programme>/<parameter>": "organization={school}",
    "GET /rules/adopt": "organization={school}",
    "POST /rules/adopt": "organization={school}",
    "GET /schedules/<key>": "organization={school}",
    "GET /studios": "organization={school}",
    "GET /studios/new": "organization={school}",
    "GET /authorizations/new": "organization={school}",
    "GET /organizations/new": "parent={school}",
    "GET /homeroom-list": "organization={school}",
    "GET /homeroom-list/change": "organization={school}&class=x",
    "POST /homeroom-list/change": "organization={school}&class=x",
    "GET /homeroom-list/edit": "organization={school}",
    "POST /homeroom-list/edit": "organization={school}",
}
ARGUMENTS: Mapping[str, str] = {
    "instance_id": "{instance}",
    "item_id": "{task}",
    "collective_id": "{collective}",
    "ballot_id": "{ballot}",
    "round_id": "{round}",
    "review_id": "{review}",
    "notice_id": "{notice}",
    "objection_id": "987654",
    "place": "0",
    "panel_id": "{panel}",
    "attachment_id": "{file}",
    "submission_id": "{submission}",
    "authorization_id": "{authorization}",
    "absence_id": "{absence}",
    "opinion_id": "{opinion}",
    "position_id": "{position}",
    "person_id": "{person}",
    "studio_id": "{studio}",
    "entry_id": "987654",
    "year": "{year}",
    "act": "suspend",
    "hand": "transfer",
    "programme": "city_studio",
    "parameter": "expense.sign_working_days",
    "key": "expense_approval",
    "number": "{version}",
    "code": "AAAABBBBCCCCDDDD",
    "kind": "service",
    "import_id": "987654",
    "sending_id": "987654",
    "comment_id": "987654",
    "comment": "987654",
    "material": "987654",
    "material_id": "987654",
    "filename": "favicon.ico",
    "run_id": "987654",
    "batch_id": "987654",
    "letter_id": "987654",
    "row": "987654",
    "name": "honours",
}
IDS: Mapping[str, str] = {
    "/api/v1/absences": "{absence}",
    "/api/v1/imports": "987654",
    "/api/v1/opinions": "{opinion}",
    "/api/v1/instances": "{instance}",
    "/api/v1/tasks": "{task}",
    "/api/v1/people": "{person}",
    "/api/v1/organizations": "{school}",
    "/api/v1/collectives": "{collective}",
    "/api/v1/ballots": "{ballot}",
    "/api/v1/filings": "987654",
    "/api/v1/filing-runs": "987654",
    "/api/v1/filing-letters": "987654",
    "/api/v1/rounds": "{round}",
    "/api/v1/rank-reviews": "{review}",
    "/api/v1/notices": "{notice}",
    "/api/v1/objections": "987654",
    "/api/v1/panels": "{panel}",
    "/api/v1/attachments": "{file}",
    "/api/v1/journal": "{instance}",
    "/api/v1/notifications": "987654",
    "/api/v1/registers": "987654",
}


def path_of(rule: Rule, method: str, ids: Mapping[str, str]) -> str:
    """Return an address of a route; raises KeyError for an argument that nobody has given a value."""
    path = rule.rule
    for name in rule.arguments:
        value = IDS[next(start for start in IDS if path.startswith(start))] if name == "id" else ARGUMENTS[name]
        for kind in ("", "int:", "path:", "year:"):
            path = path.replace(f"<{kind}{name}>", value)
    query = QUERIES.get(f"{method} {rule.rule}")
    return (f"{path}?{query}" if query else path).format(**ids)


def body_of(route: str, ids: Mapping[str, str]) -> Any:
    """Return what is sent to a route: numbers as numbers to the API, texts to pages."""
    body = {**BODIES.get(route, {})}
    for name, value in body.items():
        if isinstance(value, str) and value.startswith("{"):
            body[name] = int(ids[value[1:-1]]) if " /api/" in route else ids[value[1:-1]]
    return body
