"""The decision sheet as it is read: on a page, on paper, as a workbook that reckons again, through the API; and by whom."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.domain import clock
from app.domain.selections import SheetKind
from app.domain.vocabulary import Role
from app.services.selections import sheets
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.prepared import grant
from tests.integration.selection_world import Selection, selection
from tests.integration.test_host_appointments import answer, publish
from tests.integration.test_host_decisions import HOSTS, choose, place
from tests.printed import words_of


@pytest.fixture
def decided(site: Site) -> Selection:
    """Return a round that determined 周敏 and 刘芸 against the order, with a member each."""
    assert site.world is not None
    grant(site.world, "admin", Role.MORAL_EDUCATION_OFFICE)
    made = selection(site.world, HOSTS, {"member": "host"})
    instance = made.begin("decision_stage")
    choose(made, instance, ["host", "finance"], teacher="下学期外出支教", finance="依次递补")
    place(made, instance, member="host")
    return made


def url(round_: Selection, ending: str = "") -> str:
    return f"/rounds/{round_.round.id}/decision{ending}"


def test_the_page_shows_the_formula_and_how_each_total_comes_about(site: Site, decided: Selection) -> None:
    page = site.browser("legal").get(url(decided)).text
    for words in (
        "评议分＝平均分÷100×100。",
        "得票率＝得票÷40 张选票×100。",
        "总分＝评议分×60%＋得票率×40%",
        "85.30",
        "下学期外出支教",
        "周敏的工作室",
    ):
        assert words in page


def test_the_workbook_reckons_every_total_again(site: Site, decided: Selection) -> None:
    given = site.browser("legal").get(url(decided, ".xlsx"))
    page = load_workbook(BytesIO(given.data)).active
    assert page is not None
    rows = list(page.iter_rows(min_row=2, values_only=True))
    assert rows[0][:8] == (1, "何静", "松风路小学", 85.5, 85.5, 34, 85, 85.3)
    assert rows[0][8:11] == ("=ROUND(D2/100*100,2)", "=ROUND(F2/40*100,2)", "=ROUND((N(I2)*60+N(J2)*40)/100,2)")


def test_the_paper_has_a_code_that_anybody_can_check(site: Site, decided: Selection) -> None:
    words = words_of(site.browser("legal").get(url(decided, ".pdf")).data)
    assert "主持人决定表" in words
    assert "下学期外出支教" in words
    sheet = sheets.find(decided.session, decided.round.id, SheetKind.HOST)
    assert sheet is not None
    page = site.browser().get(f"/verify/{sheet.code}").text
    assert "这份决定表属实" in page
    assert "周敏" not in page


READERS = {
    "legal": 200,
    "deputy": 200,
    # The office.
    "admin": 200,
    # Candidates and their members, whoever else is above or elsewhere.
    "host": 404,
    "teacher": 404,
    "member": 404,
    "city_admin": 404,
    "other_legal": 404,
}


def test_who_reads_it(site: Site, decided: Selection) -> None:
    for reader, status in READERS.items():
        browser = site.browser(reader)
        assert [browser.get(url(decided, ending)).status_code for ending in ("", ".pdf", ".xlsx")] == [status] * 3
    # The group has one who is a candidate.
    grant(decided.world, "teacher", Role.LEADERSHIP_GROUP_MEMBER)
    assert site.browser("teacher").get(url(decided)).status_code == 404


def test_programs_read_it_too(site: Site, decided: Selection) -> None:
    caller = Caller(site.app, "legal")
    found = caller.get(f"/rounds/{decided.round.id}/decision").get_json()
    hosts, members = found["sheets"]
    assert (hosts["kind"], hosts["formula"]["weights"], hosts["decided_by"]["name"]) == ("host", [60, 40], "陈国栋")
    assert [(row["name"], row["total"], row["is_chosen"]) for row in hosts["rows"]] == [
        ("何静", 85.3, False),
        ("周敏", 85.2, True),
        ("刘芸", 66.8, True),
    ]
    assert [(row["name"], row["host_name"]) for row in members["rows"]] == [("李若涵", "周敏")]
    assert Caller(site.app, "host").get(f"/rounds/{decided.round.id}/decision").status_code == 404


def test_a_letter_is_printed_for_who_was_appointed(site: Site, decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    later = clock.now().replace(year=clock.today().year + 1)
    with clock.frozen(later):
        decided.settle()
        for name in ("host", "finance", "member"):
            answer(decided, name, "accept")
        case = decided.application("host").instance_id
        browser = site.browser("host")
        page = browser.get(f"/cases/{case}").text
        assert "看聘书 PDF" in page
        words = words_of(browser.get(f"/cases/{case}/letter.pdf").data)
        for said in ("聘书", "周敏", "工作室主持人", "2029年1月31日"):
            assert said in words
        assert site.browser("teacher").get(f"/cases/{case}/letter.pdf").status_code == 404
        others = decided.application("teacher").instance_id
        assert site.browser("teacher").get(f"/cases/{others}/letter.pdf").status_code == 404
