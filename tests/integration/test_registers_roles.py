"""From sign-in, role by role: which rows of the registers a person reads, and which of their pages open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain import clock
from app.domain.vocabulary import Role
from tests.integration import register_world as files
from tests.integration.api import Caller, Served
from tests.integration.conftest import Site
from tests.integration.school import School

LAST = date(clock.today().year - 1, 5, 4)
SCHOOL, BOTH = ("何静", "周敏"), ("何静", "周敏", "罗佳")


@dataclass(frozen=True)
class Reads:
    """Whose honours, sanctions and appointments somebody reads, how many studios and grades, which pages open."""

    honours: tuple[str, ...] = ()
    sanctions: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    studios: int = 1
    grades: int = 0
    # Honours and sanctions.
    pages: tuple[int, int] = (403, 403)


DOSSIERS, SANCTIONS = (200, 403), (403, 200)
ROLES = {
    "teacher": Reads(("何静",), ("何静",), ("何静",)),
    "host": Reads(("周敏",), posts=("周敏",), grades=1),
    "member": Reads(grades=1),
    "office": Reads(SCHOOL, ("何静",), SCHOOL, grades=1, pages=(200, 200)),
    "director": Reads(SCHOOL, (), SCHOOL, grades=1, pages=DOSSIERS),
    "deputy": Reads(SCHOOL, (), SCHOOL, grades=1, pages=DOSSIERS),
    "legal": Reads(SCHOOL, (), SCHOOL, grades=1, pages=DOSSIERS),
    "finance": Reads(grades=1),
    "committee": Reads((), ("何静",), pages=SANCTIONS),
    "admin": Reads(posts=SCHOOL),
    "other_host": Reads(("罗佳",), posts=("罗佳",), grades=1),
    "other_office": Reads(("罗佳",), (), ("罗佳",), grades=1, pages=(200, 200)),
    "other_admin": Reads(posts=("罗佳",)),
    "clerk": Reads(BOTH, (), BOTH, studios=2, grades=2, pages=DOSSIERS),
    "district_finance": Reads(studios=2, grades=2),
    "district_admin": Reads(studios=2),
    "city_auditor": Reads(studios=2, grades=2),
    "city_admin": Reads(studios=2),
}


def fill(school: School) -> None:
    """Give people offices, and something to read."""
    files.person(school, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    files.person(school, "director", "郑雅", Role.MORAL_EDUCATION_DIRECTOR)
    files.person(school, "committee", "卫衡", Role.DISCIPLINE_COMMITTEE)
    files.person(school, "other_office", "钟岩", Role.MORAL_EDUCATION_OFFICE, "sibling")
    files.person(school, "clerk", "温和", Role.BUREAU_CLERK, "district")
    for who in ("teacher", "host", "other_host"):
        files.honour(school, who, LAST)
    files.sanction(school, "teacher", LAST)
    for studio in (school.studio, school.other_studio):
        files.grade(school, studio, "去年", "good", LAST)


def rows(caller: Caller, register: str) -> list[dict[str, Any]]:
    answer = caller.get(f"/registers/{register}", limit=100)
    assert answer.status_code == 200, (caller.username, register)
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def people(caller: Caller, register: str) -> tuple[str, ...]:
    named = {row["person"]["name"] for row in rows(caller, register)}
    return tuple(name for name in BOTH if name in named)


def test_which_rows_each_role_reads(served: Served) -> None:
    fill(served.school)
    found = {}
    for who, wanted in ROLES.items():
        caller = served.as_(who)
        found[who] = Reads(
            honours=people(caller, "honours"),
            sanctions=people(caller, "sanctions"),
            posts=people(caller, "appointments"),
            studios=len(rows(caller, "studios")),
            grades=len(rows(caller, "evaluations")),
            pages=wanted.pages,
        )
    assert {who: found[who] for who, wanted in ROLES.items() if found[who] != wanted} == {}


def test_which_pages_open(site: Site) -> None:
    school = site.world
    assert school is not None
    fill(school)
    for who, reads in ROLES.items():
        browser = site.browser(who)
        assert tuple(browser.get(f"/registers/{name}").status_code for name in ("honours", "sanctions")) == reads.pages
        listed = browser.get("/studio-register").text
        assert f"共 {reads.studios} 个" in listed, who
        assert ("登记台账" in listed) == (200 in reads.pages), who
        own, foreign = (school.studio, school.other_studio)[:: -1 if who.startswith("other") else 1]
        assert ("考核等级" in browser.get(f"/studio-register/{own}").text) == (reads.grades > 0), who
        assert browser.get(f"/studio-register/{foreign}").status_code == (200 if reads.studios > 1 else 404), who
