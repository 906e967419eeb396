"""From sign-in, role by role: what a person of the invented city finds under 档案, and what stays shut."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.people import Organization, Person, Position
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.vocabulary import Role
from app.factory import create_app
from app.services.accounts.actors import holds_today
from app.services.demo import DEMO_PASSWORD
from app.views.database import db
from tests.integration.conftest import SECRET, Browser
from tests.integration.demo.todays import noon

TODAY = "2026-11-21"
SCHOOL = "ZS03"
TABS = re.compile(r'<ul class="sp-tabs">(.*?)</ul>', re.DOTALL)
LABEL = re.compile(r"<a [^>]*>([^<]+)</a>")
BEGINS = re.compile(r"<b>([^<]+)</b>")
MINE = "我的档案", "班主任名单", "评选批次", "职级评审", "工作室"
OTHERS = "我的档案", "教师档案", "登记台账", "职级统计", "班主任名单", "评选批次", "职级评审", "工作室"
KEEPER = "我的档案", "教师档案", "登记台账", "职级统计", "班主任名单", "导入", "评选批次", "职级评审", "工作室"
IMPORTER = "我的档案", "班主任名单", "导入", "评选批次", "职级评审", "工作室"
COMMITTEE = "我的档案", "教师档案", "登记台账", "班主任名单", "评选批次", "职级评审", "工作室"
BUREAU = "我的档案", "班主任名单", "导入", "职级表的列", "评选批次", "职级评审", "工作室"


@dataclass(frozen=True)
class Finds:
    """What somebody finds: the tabs of 档案, what may be begun, which pages answer how, and what files tell."""

    tabs: tuple[str, ...]
    begins: tuple[str, ...] = ()
    file: int = 404
    honours: int = 403
    sanctions: int = 403
    plans: int = 403
    tells: frozenset[str] = field(default_factory=frozenset)


ENTRY, SANCTION, CHANGE, NOTICE, VOTE = "档案登记", "处分登记", "工作室变动", "名单公示", "校内投票"
APPLY, ROUND, RANK = "主持人和成员申报", "主持人评选", "职级申报"
MENDED, LATER = "职级更正", "职级补报"
OFFICE = Finds(
    KEEPER,
    (CHANGE, ENTRY, SANCTION, MENDED, LATER, APPLY, ROUND, NOTICE, VOTE),
    200,
    200,
    200,
    200,
    frozenset({"honour", "sanction", "number"}),
)
READER = Finds(OTHERS, (ENTRY, APPLY), 200, 200, tells=frozenset({"honour"}))
# Of the third middle school where nothing else is said; the office of another school, and bureaus.
ROLES = {
    "teacher": Finds(MINE, (ENTRY, APPLY)),
    "homeroom_teacher": Finds(MINE, (ENTRY, RANK, APPLY)),
    "studio_host": Finds(MINE, ("招收成员", "学期计划", CHANGE, ENTRY, "年度预算", "经费报销", RANK, APPLY), 302),
    "moral_education_office": OFFICE,
    "moral_education_director": OFFICE,
    "deputy_principal": READER,
    "principal": replace(READER, begins=(ENTRY,)),
    "finance_officer": Finds(MINE, ("冲销与退款",)),
    "discipline_committee": Finds(COMMITTEE, (ENTRY, SANCTION, APPLY), 200, 403, 200, tells=frozenset({"sanction"})),
    "process_admin": Finds(IMPORTER, ("任职交接", ENTRY, APPLY)),
    "another school's office": Finds(
        KEEPER, (CHANGE, ENTRY, SANCTION, MENDED, LATER, APPLY, ROUND, NOTICE, VOTE), 404, 200, 200, 404
    ),
    "bureau clerk": Finds(OTHERS, (ROUND,), 200, 200, tells=frozenset({"honour"})),
    # The school stands in the district and is administered by the city.
    "district clerk": Finds(OTHERS, (ROUND,), 404, 200, plans=404),
    "bureau administrator": Finds(BUREAU),
}
KNOWN = {
    "studio_host": "sumei",
    "another school's office": "luqing",
    "bureau clerk": "luoping",
    "district clerk": "ouyanglan",
    "bureau administrator": "mengfan",
}


@dataclass(frozen=True)
class Site:
    """The application over a copy of the city, who holds a role, and whose files are asked for."""

    app: Flask
    usernames: dict[str, str]
    school: int
    host: int
    sanctioned: int

    def enter(self, role: str) -> Browser:
        browser = Browser(self.app.test_client())
        assert browser.sign_in(self.usernames[role], DEMO_PASSWORD).status_code == 302
        return browser


@pytest.fixture(scope="module")
def site(city: tuple[Session, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    session, _files = city
    folder = tmp_path_factory.mktemp("site")
    copy = folder / "site.sqlite3"
    bind = session.get_bind().engine.url.database or ""
    with closing(sqlite3.connect(bind)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    app = create_app(Settings(f"sqlite:///{copy}", SECRET, folder))
    app.testing = True
    with clock.frozen(noon(TODAY)):
        usernames = {role: KNOWN.get(role) or holder(session, Role(role)) for role in ROLES}
        sanctioned = select(DossierEntry.person_id).where(DossierEntry.kind == EntryKind.SANCTION)
        school = select(Organization.id).where(Organization.code == SCHOOL)
        host = select(Person.id).where(Person.username == "sumei")
        ids = [session.scalars(query).one() for query in (school, host, sanctioned)]
        session.rollback()
    yield Site(app, usernames, *ids)
    with app.app_context():
        db.engine.dispose()


def holder(session: Session, role: Role) -> str:
    """Return who holds a role in the school, the last hired where several do: the least particular."""
    held = select(Person.username).join(Position, Position.person_id == Person.id).join(Organization)
    here = (Organization.code == SCHOOL, Position.role == role, holds_today())
    return session.scalars(held.where(*here).order_by(Person.id.desc()).limit(1)).one()


@pytest.mark.parametrize("city", [TODAY], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_finds_of_files_and_registers(city, site, role):
    finds = ROLES[role]
    with clock.frozen(noon(TODAY)):
        browser = site.enter(role)
        assert tabs(browser) == finds.tabs
        assert tuple(BEGINS.findall(browser.get("/start").text)) == finds.begins
        pages = {
            f"/files/{site.host}": finds.file,
            "/files": 200 if "教师档案" in finds.tabs else 403,
            "/registers/honours": finds.honours,
            "/registers/sanctions": finds.sanctions,
            "/imports": 200 if "导入" in finds.tabs else 403,
            f"/homeroom-list/edit?organization={site.school}": finds.plans,
            "/file": 200,
            "/homeroom-list": 200,
            "/studio-register": 200,
        }
        assert {page: browser.get(page).status_code for page in pages} == pages
        assert told(browser, site) == finds.tells


def tabs(browser: Browser) -> tuple[str, ...]:
    found = TABS.search(browser.get("/file").text)
    assert found
    return tuple(LABEL.findall(found[1]))


def told(browser: Browser, site: Site) -> set[str]:
    """Return what another's file tells: of the host the honours and the number, of a colleague the sanction."""
    host, sanctioned = (browser.get(f"/files/{one}").text for one in (site.host, site.sanctioned))
    signs = {"honour": "云澜市优秀班主任" in host, "number": f"{SCHOOL}0" in host, "sanction": "有偿补课" in sanctioned}
    return {name for name, is_told in signs.items() if is_told}
