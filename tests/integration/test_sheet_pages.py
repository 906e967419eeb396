"""Importing over pages and the API: the template, the preview, mistakes by cell, confirming once."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db.people import Person
from app.db.registers import DossierEntry
from app.domain.sheets import SheetKind
from app.services.accounts import passwords
from app.services.registers.sheets import imports
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.api import API, Caller, Served
from tests.integration.conftest import Browser, Site
from tests.integration.school import PASSWORD, School
from tests.integration.sheet_world import OFFICE, SERVICE, book, with_office

S = SheetKind.SERVICE
WRONG = SERVICE | {"身份": "园丁"}


def with_password(world: School) -> None:
    with_office(world)
    with writing(world.session) as session:
        session.get_one(Person, world.people[OFFICE]).password_hash = passwords.hash_one_time(PASSWORD)


def office_of(site: Site) -> tuple[School, Browser]:
    assert site.world is not None
    with_password(site.world)
    return site.world, site.browser(OFFICE)


def posted(browser: Browser, row: dict[str, Any]) -> str:
    """Hand a sheet in and return the page that follows."""
    browser.get("/imports?kind=service")
    answer = browser.post("/imports/service", {"file": (book(S, [row]), "班主任.xlsx")})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def entries(world: School) -> list[DossierEntry]:
    world.session.rollback()
    return list(world.session.scalars(select(DossierEntry)))


def test_the_page_shows_what_a_sheet_changes_and_writes_it_once_confirmed(site: Site) -> None:
    world, browser = office_of(site)
    assert "下载班主任任职模板" in browser.get("/imports?kind=service").text
    assert (browser.get("/imports/studios/template.xlsx").mimetype or "").endswith("spreadsheetml.sheet")
    where = posted(browser, SERVICE)
    shown = browser.get(where).text
    assert "确认导入" in shown
    assert "第 2 行" in shown
    assert entries(world) == []
    assert browser.post(f"{where}/confirm").status_code == 302
    assert "已导入。" in browser.get(where).text
    assert len(entries(world)) == 1
    browser.post(f"{where}/confirm")
    assert "现在不用确认" in browser.get(where).text
    assert len(entries(world)) == 1
    again = posted(browser, SERVICE | {"任职止": "2025-07-31"})
    assert "任职止原来空着" in browser.get(again).text
    browser.post(f"{again}/drop")
    assert "台账没有变" in browser.get(again).text
    assert browser.get("/imports").text.count("班主任.xlsx") == 2


def test_the_page_names_each_mistake_with_its_cell(site: Site) -> None:
    _world, browser = office_of(site)
    page = browser.get(posted(browser, WRONG)).text
    assert "没有导入，台账没有变：有 1 处要改。" in page
    assert "E2</th>" in page
    browser.get("/imports")
    broken = browser.post("/imports/service", {"file": (BytesIO(b"?"), "x.xlsx")})
    assert broken.status_code == 422
    assert "打不开这个文件" in broken.text
    assert browser.post("/imports/service").status_code == 422
    assert browser.post("/imports/nothing").status_code == 404


def test_a_large_sheet_shows_how_far_it_is(site: Site, monkeypatch: Any) -> None:
    world, browser = office_of(site)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    where = posted(browser, SERVICE)
    assert "正在打开文件" in browser.get(where).text
    ticks.tick(world.session)
    assert "确认导入" in browser.get(where).text
    browser.post(f"{where}/confirm")
    assert "正在写入 1 行" in browser.get(where).text


def handed(caller: Caller, row: dict[str, Any], kind: str = "service", **more: Any) -> TestResponse:
    client: FlaskClient = caller.client
    files = {"file": (book(S, [row]), "班主任.xlsx"), **more}
    return client.post(f"{API}/imports/{kind}", data=files, headers=caller.headers, content_type="multipart/form-data")


def test_the_api_shows_and_writes(served: Served) -> None:
    with_password(served.school)
    office, teacher = served.as_(OFFICE), served.as_("teacher")
    template = office.get("/imports/service/template.xlsx")
    assert load_workbook(BytesIO(template.data)).worksheets[0]["A1"].value == "姓名"
    assert teacher.get("/imports/service/template.xlsx").status_code == 403
    made = handed(office, SERVICE)
    assert made.status_code == 201, made.json
    shown: dict[str, Any] = made.get_json()
    assert (shown["status"], shown["added"], shown["changes"][0]["values"]) == ("ready", 1, SERVICE)
    assert teacher.get(f"/imports/{shown['id']}").status_code == 404
    done = office.post(f"/imports/{shown['id']}/confirm")
    assert (done.status_code, done.get_json()["status"]) == (200, "done")
    assert office.post(f"/imports/{shown['id']}/confirm").status_code == 409
    assert office.post(f"/imports/{shown['id']}/drop").status_code == 409
    assert office.get(f"/imports/{shown['id']}").get_json()["status"] == "done"
    assert len(entries(served.school)) == 1


def test_the_api_names_mistakes_and_refuses_who_may_not(served: Served) -> None:
    with_password(served.school)
    office, school = served.as_(OFFICE), served.school.organizations["school"]
    wrong = handed(office, WRONG)
    assert wrong.status_code == 422
    assert wrong.get_json()["errors"] == {"E2": ["身份只能填：班主任、班主任助理；现在是“园丁”。"]}
    assert handed(office, SERVICE, "nothing").status_code == 422
    assert handed(served.as_("teacher"), SERVICE, organization=str(school)).status_code == 403
    assert handed(served.as_("other_admin"), SERVICE, organization=str(school)).status_code == 404
    assert handed(served.as_("admin"), SERVICE).status_code == 403
    assert entries(served.school) == []
