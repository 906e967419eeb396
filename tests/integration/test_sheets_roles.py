"""Role by role, from sign-in: who imports what, and what of a register each may take away as a file."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.domain import clock
from app.domain.sheets import SheetKind
from tests.integration.api import API, Caller, Served
from tests.integration.homeroom_world import NOVEMBER, staffed
from tests.integration.sheet_world import SERVICE, STUDIO, book

# Who: the status of handing in service, of handing in studios, of the page; the entries in the export of service.
ROLES: dict[str, tuple[int, int, int, int]] = {
    "teacher": (403, 403, 403, 1),
    "host": (403, 403, 403, 0),
    "director": (403, 403, 403, 1),
    "discipline": (403, 403, 403, 0),
    "deputy": (403, 403, 403, 1),
    "legal": (403, 403, 403, 1),
    "finance": (403, 403, 403, 0),
    "admin": (403, 422, 200, 0),
    "other_host": (404, 404, 403, 0),
    "other_office": (404, 404, 200, 0),
    "district_clerk": (403, 403, 403, 1),
    "district_finance": (403, 403, 403, 0),
    "district_admin": (403, 422, 200, 0),
    "city_auditor": (403, 403, 403, 0),
    "office": (201, 422, 200, 1),
}


@pytest.fixture
def school(served: Served) -> int:
    made = staffed(served.school)
    served.school = made.school
    with clock.frozen(NOVEMBER):
        office = served.as_("office")
        shown = handed(office, SheetKind.SERVICE, SERVICE, made.place)
        assert shown.status_code == 201, shown.json
        assert office.post(f"/imports/{shown.get_json()['id']}/confirm").status_code == 200
    return made.place


def handed(caller: Caller, kind: SheetKind, row: dict[str, Any], place: int) -> Any:
    """Hand a sheet in; one of a studio lacks its host."""
    files = {"file": (book(kind, [row]), "x.xlsx"), "organization": str(place)}
    path = f"{API}/imports/{kind}"
    return caller.client.post(path, data=files, headers=caller.headers, content_type="multipart/form-data")


def exported(caller: Caller) -> int:
    sheet = load_workbook(BytesIO(caller.get("/registers/service.xlsx").data)).worksheets[0]
    return (sheet.max_row or 1) - 1


@pytest.mark.parametrize("name", ROLES)
def test_each_role_imports_and_exports_its_part(served: Served, school: int, name: str) -> None:
    with clock.frozen(NOVEMBER):
        person = served.as_(name)
        template = person.get("/imports/service/template.xlsx").status_code
        found = (
            handed(person, SheetKind.SERVICE, SERVICE, school).status_code,
            handed(person, SheetKind.STUDIOS, STUDIO, school).status_code,
            template,
            exported(person),
        )
    assert found == ROLES[name]
