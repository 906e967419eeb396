"""The public page that says what a printed code stands for."""

from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.domain.serial import grouped_code
from app.services.accounts import throttle
from app.views import verify
from tests.integration.conftest import Site


def booked_code(site: Site) -> str:
    world = site.world
    assert world is not None
    world.confirm_budget()
    instance = world.start_expense()
    world.act(instance, "host", "sign")
    world.act(instance, "legal", "sign")
    world.book(instance)
    return site.session.scalars(select(ProcessInstance.verification_code).where(ProcessInstance.id == instance)).one()


def test_a_code_is_typed_from_paper(site: Site):
    code = booked_code(site)
    browser = site.browser()
    assert "核验码" in browser.get("/verify").text
    answer = browser.get(f"/verify?code={grouped_code(code).lower()}")
    assert answer.location == f"/verify/{code}"
    page = browser.get(answer.location).text
    for words in ("这张凭证有效", "经费报销凭证", "BX-SF01-", "松风路小学", grouped_code(code)):
        assert words in page
    assert "周敏" not in page


def test_what_is_no_code_is_said_beside_the_field(site: Site):
    page = site.browser().get("/verify?code=123")
    assert page.status_code == 200
    assert "核验码是 16 位字母和数字" in page.text
    assert 'value="123"' in page.text


def test_an_unknown_code_keeps_what_was_typed(site: Site):
    page = site.browser().get("/verify/AAAABBBBCCCCDDDD")
    assert page.status_code == 404
    assert "没有这张单据" in page.text
    assert 'value="AAAABBBBCCCCDDDD"' in page.text


def test_a_case_before_booking_has_no_voucher(site: Site):
    world = site.world
    assert world is not None
    world.confirm_budget()
    instance = world.start_expense()
    found = select(ProcessInstance.verification_code).where(ProcessInstance.id == instance)
    assert site.browser().get(f"/verify/{site.session.scalars(found).one()}").status_code == 404


def test_guessing_is_slowed_down_and_true_codes_cost_nothing(site: Site):
    code = booked_code(site)
    browser = site.browser()
    for _ in range(verify.GUESSES - 1):
        throttle.reserve(site.session, ("verify:127.0.0.1", verify.GUESSES))
    assert [browser.get(f"/verify/{code}").status_code for _ in range(3)] == [200] * 3
    assert browser.get("/verify/AAAABBBBCCCCDDDD").status_code == 404
    answer = browser.get(f"/verify/{code}")
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert "试的次数太多" in answer.text
    told = browser.client.get(f"/verify/{code}", headers={"Accept": "application/json"})
    assert (told.status_code, told.mimetype) == (429, "application/problem+json")
