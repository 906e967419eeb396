"""A person's ranks over the years, their certificates, and that only a filing changes what was filed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.ranks import RankCertificate
from app.db.registers import DossierLook
from app.domain import clock
from app.domain.dossiers import EntrySource
from app.domain.serial import verification_code
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.services.documents.printing import Press
from app.services.documents.rank_certificates import certificate
from app.services.ranks.histories import history_of
from app.services.transactions import writing
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.rank_world import FILED, PLACED, offices, rank
from tests.integration.school import School
from tests.integration.sheet_world import RANK, book, cells, hand_in
from tests.integration.statements import statements_of
from tests.printed import words_of

LATER = date(2025, 10, 15)
FONTS = Path(__file__).parents[2] / "app/views/static/dist/fonts"


filed_rank = partial(rank, source=EntrySource.CASE)


def certificate_of(served: Served, who: str, entry: int) -> int:
    return served.as_(who).get(f"/registers/ranks/{entry}/certificate.pdf").status_code


def history(served: Served, who: str, person: int) -> dict[str, Any]:
    answer = served.as_(who).get(f"/people/{person}/ranks")
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_history_tells_all_ranks_and_who_mends_them(served: Served) -> None:
    school = offices(served.school)
    teacher = school.people["teacher"]
    wrong = filed_rank(school, teacher, "junior_2", number="临教备〔2024〕013")
    first = filed_rank(school, teacher, "junior_2", corrects_id=wrong)
    second = filed_rank(school, teacher, "junior_1", LATER)
    coming = filed_rank(school, teacher, "intermediate_2", clock.today() + timedelta(days=30))
    told = history(served, "office", teacher)
    assert [(one["id"], one["is_current"], one["is_live"], one["has_certificate"]) for one in told["ranks"]] == [
        (coming, False, True, False),
        (second, True, True, True),
        (first, False, True, True),
        (wrong, False, False, False),
    ]
    assert (told["ask"], told["ranks"][2]["corrects"]) == (["叶澜"], wrong)
    assert history(served, "teacher", teacher)["person"]["name"] == "何静"
    school.session.rollback()
    assert school.session.scalars(select(DossierLook.what)).all() == ["register"]
    for who, status in (("clerk", 200), ("legal", 200), ("member", 404), ("other_office", 404), ("leader", 404)):
        assert served.as_(who).get(f"/people/{teacher}/ranks").status_code == status, who


def test_a_certificate_is_for_the_person_the_office_the_principal_and_the_bureaus_above(served: Served) -> None:
    school = offices(served.school)
    held = filed_rank(school, school.people["teacher"], "junior_2")
    for who, status in (
        ("teacher", 200),
        ("office", 200),
        ("legal", 200),
        ("clerk", 200),
        ("member", 404),
        ("finance", 404),
        ("other_office", 404),
    ):
        assert certificate_of(served, who, held) == status, who


def test_what_was_not_filed_is_corrected_or_has_not_begun_has_no_certificate(served: Served) -> None:
    school = offices(served.school)
    teacher = school.people["teacher"]
    brought = rank(school, teacher, "assistant", source=EntrySource.IMPORT)
    coming = filed_rank(school, teacher, "junior_1", clock.today() + timedelta(days=1))
    wrong = filed_rank(school, teacher, "junior_2")
    filed_rank(school, teacher, "junior_2", corrects_id=wrong, number="临教备〔2024〕032")
    assert [certificate_of(served, "office", entry) for entry in (brought, coming, wrong)] == [409] * 3
    assert certificate_of(served, "office", 987654) == 404


def test_a_code_says_whether_the_rank_still_holds(site: Site) -> None:
    assert site.world is not None
    school = offices(site.world)
    teacher = school.people["teacher"]
    held = filed_rank(school, teacher, "junior_2")
    answer = site.browser("teacher").get(f"/ranks/{held}/certificate.pdf")
    words = words_of(answer.data)
    for said in ("班主任职级证书", "何静", "初级二档", "2024年10月15日", FILED["number"], "由本平台备案"):
        assert said in words
    site.session.rollback()
    code = site.session.scalars(select(RankCertificate.code)).one()

    def told() -> dict[str, Any]:
        found: dict[str, Any] = (
            site.browser().client.get(f"/verify/{code}", headers={"Accept": "application/json"}).get_json()
        )
        return found

    assert (told()["is_valid"], told()["serial"], told()["organization"]) == (True, FILED["number"], FILED["issuer"])
    assert "何静" not in site.browser().get(f"/verify/{code}").text
    filed_rank(school, teacher, "junior_1", LATER)
    assert (told()["is_valid"], "后来又有了别的职级" in told()["words"]) == (False, True)
    filed_rank(school, teacher, "junior_2", corrects_id=held, number="临教备〔2024〕032")
    assert (told()["is_valid"], "不再作数" in told()["words"]) == (False, True)


def test_a_certificate_of_what_was_imported_is_void(site: Site) -> None:
    """As the platform gave them before it filed ranks itself."""
    assert site.world is not None
    school = offices(site.world)
    brought = rank(school, school.people["teacher"], "junior_2", source=EntrySource.IMPORT)
    code = verification_code()
    with writing(school.session) as session:
        session.add(RankCertificate(entry_id=brought, code=code, content_hash="0" * 64))
    told = site.browser().client.get(f"/verify/{code}", headers={"Accept": "application/json"}).get_json()
    assert (told["is_valid"], "不是在平台上备案的" in told["words"]) == (False, True)


def test_two_who_print_at_once_issue_one_certificate(database: Engine, world: School, tmp_path: Path) -> None:
    offices(world)
    held = filed_rank(world, world.people["teacher"], "junior_2")
    press, office = Press(FONTS, tmp_path / "documents", "https://shenpi.example.cn"), world.actor("office")
    world.session.rollback()

    def printed(_number: int) -> bytes:
        with Session(database, expire_on_commit=False) as session:
            return certificate(session, office, held, press)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(printed, range(6)))) == 1
    world.session.rollback()
    assert len(world.session.scalars(select(RankCertificate.id)).all()) == 1


def test_only_a_filing_changes_what_was_filed(world: School) -> None:
    offices(world)
    rank(world, world.people["teacher"], "junior_2", source=EntrySource.CASE)
    filed = RANK | {"职级": "初级二档", "备案单位": FILED["issuer"], "备案号": FILED["number"]}
    kept = filed | {"生效日期": PLACED.isoformat()}
    earlier = RANK | {"职级": "班主任助理", "生效日期": "2023-10-15"}
    fine = hand_in(world, SheetKind.RANKS, book(SheetKind.RANKS, [kept, earlier]))
    assert (fine.status, fine.added, fine.unchanged) == (ImportStatus.READY, 1, 1), cells(fine)
    for row in (kept | {"备案号": "另"}, kept | {"生效日期": "2020-10-15"}, RANK | {"生效日期": "2025-10-15"}):
        one = hand_in(world, SheetKind.RANKS, book(SheetKind.RANKS, [row]))
        assert one.status == ImportStatus.REFUSED, row
        assert "由学校报更正备案" in one.mistakes[0]["text"]


def test_nobody_enters_or_corrects_a_rank_by_a_case_of_the_own_file(served: Served) -> None:
    school = offices(served.school)
    held = rank(school, school.people["teacher"], "junior_2")
    values = {"kind": "rank", "rank_category": "senior_1", "rank_from_on": "2025-10-15", "corrects": held}
    body = {"process": "dossier_entry", "organization": school.organizations["school"], "values": values}
    assert served.as_("teacher").post("/instances", body).status_code == 422


def test_more_ranks_cost_no_more_statements(world: School) -> None:
    offices(world)
    office, teacher = world.actor("office"), world.people["teacher"]
    rank(world, teacher, "junior_2")

    def counted() -> int:
        world.session.rollback()
        return statements_of(world, lambda: history_of(world.session, office, teacher))

    before = counted()
    for year in range(2015, 2024):
        rank(world, teacher, "assistant", date(year, 9, 1))
    assert counted() == before


@pytest.mark.parametrize("who", ["office", "teacher"])
def test_the_pages_lead_from_the_register_and_the_file_to_the_certificate(site: Site, who: str) -> None:
    assert site.world is not None
    school = offices(site.world)
    teacher = school.people["teacher"]
    held = filed_rank(school, teacher, "junior_2")
    start = {"office": "/registers/ranks", "teacher": "/file"}[who]
    browser = site.browser(who)
    assert f"/ranks/people/{teacher}" in browser.get(start).text
    page = browser.get(f"/ranks/people/{teacher}").text
    for said in ("初级二档", FILED["number"], "现在的", f"/ranks/{held}/certificate.pdf", "叶澜", "由学校报更正备案"):
        assert said in page
    assert browser.get(f"/ranks/{held}/certificate.pdf").mimetype == "application/pdf"
    assert site.browser("member").get(f"/ranks/people/{teacher}").status_code == 404
