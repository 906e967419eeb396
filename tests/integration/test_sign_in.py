"""Signing in: throttling, sessions, tokens, one-time passwords, and the pages around it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.db.people import Person, Position
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, Throttled, Unauthenticated
from app.services import settings, signatures
from app.services.accounts import passwords, throttle
from app.services.accounts.actors import load_actor
from app.services.accounts.sign_in import change_password, confirm_password, sign_in
from app.services.accounts.tokens import actor_of_token, issue_token
from app.services.transactions import writing
from tests.integration.conftest import Site
from tests.integration.school import PASSWORD, School

ADDRESS = "192.0.2.7"


def test_sign_in_ignores_case_width_and_spaces_of_the_username(world: School) -> None:
    assert sign_in(world.session, " ＨＯＳＴ ", PASSWORD, ADDRESS).actor.name == "周敏"


def test_wrong_passwords_count_down_and_then_wait(world: School) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(Unauthenticated, match=f"还可以试 {left} 次"):
            sign_in(world.session, "host", "wrong", ADDRESS)
    with pytest.raises(Throttled):
        sign_in(world.session, "host", "wrong", ADDRESS)
    with pytest.raises(Throttled):  # even the right one waits now
        sign_in(world.session, "host", PASSWORD, ADDRESS)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert sign_in(world.session, "host", PASSWORD, ADDRESS).actor.username == "host"


def test_success_forgets_the_failures_of_the_username(world: School) -> None:
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            sign_in(world.session, "host", "wrong", ADDRESS)
    sign_in(world.session, "host", PASSWORD, ADDRESS)
    with pytest.raises(Unauthenticated, match="还可以试 4 次"):
        sign_in(world.session, "host", "wrong", ADDRESS)


def test_unknown_users_are_answered_like_wrong_passwords_and_counted(world: School) -> None:
    with pytest.raises(Unauthenticated, match="还可以试 4 次"):
        sign_in(world.session, "nobody", "wrong", ADDRESS)


def test_strangers_cannot_keep_anybody_from_signing(world: School) -> None:
    for username in ("sign:host", "signer:host", "host"):
        for _ in range(throttle.TRIES - 1):
            with pytest.raises(Unauthenticated):
                sign_in(world.session, username, "猜", ADDRESS)
    signatures.prove(world.session, world.actor("host"), PASSWORD)
    for _ in range(throttle.TRIES):
        with pytest.raises(Invalid):
            signatures.prove(world.session, world.actor("host"), "猜")
    with pytest.raises(Throttled):
        signatures.prove(world.session, world.actor("host"), PASSWORD)


def test_an_address_is_throttled_over_many_usernames(world: School) -> None:
    for _ in range(throttle.TRIES_PER_ADDRESS):
        throttle.reserve(world.session, throttle.by_address(ADDRESS))
    with pytest.raises(Throttled):
        sign_in(world.session, "host", PASSWORD, ADDRESS)
    assert sign_in(world.session, "host", PASSWORD, "192.0.2.8").actor.username == "host"


def test_weaker_hashes_are_renewed_at_sign_in(world: School) -> None:
    sign_in(world.session, "host", PASSWORD, ADDRESS)
    kept = world.session.scalars(select(Person.password_hash).where(Person.username == "host")).one()
    assert not passwords.is_outdated(kept)


def test_changing_the_password_ends_other_sessions_and_tokens(world: School) -> None:
    token, expires_at = issue_token(world.session, "host", PASSWORD, ADDRESS)
    assert expires_at > clock.now()
    assert actor_of_token(world.session, token).username == "host"
    before = sign_in(world.session, "host", PASSWORD, ADDRESS).epoch
    found = change_password(world.session, world.actor("host"), PASSWORD, "另一个好密码88", ADDRESS)
    assert found.epoch == before + 1
    with pytest.raises(Unauthenticated):
        actor_of_token(world.session, token)


@pytest.mark.parametrize(("new", "words"), [("短", "至少 8 位"), (PASSWORD, "不能和现在的密码相同")])
def test_poor_new_passwords_are_refused(world: School, new: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_password(world.session, world.actor("host"), PASSWORD, new, ADDRESS)
    assert words in str(refused.value.errors["new_password"][0])


def test_confirming_names_the_field_and_is_throttled(world: School) -> None:
    with pytest.raises(Invalid) as refused:
        confirm_password(world.session, world.actor("host"), "wrong", ADDRESS)
    assert list(refused.value.errors) == ["password"]


def test_tokens_expire_and_are_not_given_for_one_time_passwords(world: School) -> None:
    token, _expires_at = issue_token(world.session, "host", PASSWORD, ADDRESS)
    with clock.frozen(clock.now() + timedelta(hours=13)), pytest.raises(Unauthenticated):
        actor_of_token(world.session, token)
    with writing(world.session):
        world.session.execute(update(Person).where(Person.username == "host").values(must_change_password=True))
    with pytest.raises(Forbidden):
        issue_token(world.session, "host", PASSWORD, ADDRESS)
    with pytest.raises(Unauthenticated):
        actor_of_token(world.session, token)


def test_an_actor_holds_only_what_is_valid_today(world: School) -> None:
    person = world.people["teacher"]
    today, one_day = clock.today(), timedelta(days=1)
    with writing(world.session):
        for role, from_on, until_on in (
            ("homeroom_teacher", today + one_day, None),
            ("finance_officer", today - 9 * one_day, today - one_day),
            ("year_group_head", today, today),
        ):
            world.session.add(
                Position(
                    person_id=person,
                    organization_id=world.organizations["school"],
                    role=role,
                    from_on=from_on,
                    until_on=until_on,
                )
            )
    assert {held.role for held in load_actor(world.session, person).holdings} == {"teacher", "year_group_head"}


def test_closed_accounts_cannot_enter(world: School) -> None:
    with writing(world.session):
        world.session.execute(update(Person).where(Person.username == "host").values(is_active=False))
    with pytest.raises(Unauthenticated):
        sign_in(world.session, "host", PASSWORD, ADDRESS)
    with pytest.raises(Unauthenticated):
        load_actor(world.session, world.people["host"])


def test_the_page_keeps_the_username_and_shows_the_error_at_the_password(site: Site) -> None:
    browser = site.browser()
    answer = browser.sign_in("host", "wrong")
    assert answer.status_code == 401
    assert 'value="host"' in answer.text
    assert "还可以试 4 次" in answer.text
    assert 'aria-describedby="f-password-e"' in answer.text


def test_a_canonical_link_works_before_sign_in(site: Site) -> None:
    browser = site.browser()
    asked = browser.get("/people?q=陈")
    assert asked.status_code == 302
    assert "next=" in asked.location
    browser.get(asked.location)
    answer = browser.post("/sign-in", {"username": "admin", "password": PASSWORD, "next": "/people?q=%E9%99%88"})
    assert answer.location == "/people?q=%E9%99%88"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_next_never_leaves_the_site(site: Site, target: str) -> None:
    browser = site.browser()
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"username": "host", "password": PASSWORD, "next": target})
    assert answer.location == "/"


def test_headers_and_cookie_are_strict(site: Site) -> None:
    answer = site.browser().sign_in("host")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_posting_without_a_token_shows_what_was_typed_again(site: Site) -> None:
    browser = site.browser("admin")
    browser.token = "old"
    sent = {"csrf_token": "old", "name": "新来的", "password": "secret"}
    answer = browser.client.post("/people/new", data=sent, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert 'value="新来的"' in answer.text
    assert "secret" not in answer.text
    foreign = browser.client.post("/people/new", data=sent, headers={"Origin": "https://evil.example"})
    assert "新来的" not in foreign.text


def test_an_ended_session_keeps_what_was_typed(site: Site) -> None:
    browser = site.browser()
    browser.get("/sign-in")
    answer = browser.client.post(
        "/people/new", data={"csrf_token": browser.token, "name": "新来的"}, headers={"Origin": "http://localhost"}
    )
    assert answer.status_code == 401
    assert 'value="新来的"' in answer.text


def test_a_one_time_password_must_be_changed_first(site: Site) -> None:
    with writing(site.session):
        site.session.execute(update(Person).where(Person.username == "host").values(must_change_password=True))
    browser = site.browser("host")
    assert browser.get("/profile").location == "/profile/password"
    wrong = browser.post("/profile/password", {"old_password": PASSWORD, "new_password": "abcdefgh1", "repeated": "x"})
    assert wrong.status_code == 422
    sent = {"old_password": PASSWORD, "new_password": "abcdefgh1", "repeated": "abcdefgh1"}
    browser.get("/profile/password")
    assert browser.post("/profile/password", sent).status_code == 302
    assert browser.get("/profile").status_code == 200


def test_signing_out_and_resets_end_the_session(site: Site) -> None:
    browser, other = site.browser("host"), site.browser("host")
    assert browser.post("/sign-out").status_code == 302
    assert browser.get("/profile").status_code == 302
    with writing(site.session):
        site.session.execute(update(Person).where(Person.username == "host").values(session_epoch=9))
    assert other.get("/profile").status_code == 302


def test_a_person_switches_position_and_density(site: Site) -> None:
    assert site.world is not None
    browser = site.browser("legal")
    second = site.world.actor("legal").holdings[1]
    assert browser.post("/position", {"position": second.position_id, "next": "/profile"}).status_code == 302
    assert "法定代表人 陈国栋" in browser.get("/profile").text
    assert browser.post("/position", {"position": 999_999}).status_code == 404
    browser.get("/profile")
    browser.post("/profile/density", {"density": "compact"})
    assert "sp-compact" in browser.get("/profile").text


def test_persona_cards_are_the_demo_s_only(site: Site) -> None:
    assert site.world is not None
    browser = site.browser()
    assert "演示人物" not in browser.get("/sign-in").text
    assert browser.post("/sign-in/persona", {"persona": site.world.people["host"]}).status_code == 404
    with writing(site.session):
        settings.write(site.session, settings.DEMO, value=True)
        settings.write(site.session, settings.PERSONAS, [{"username": "host", "call": "周敏老师"}])
    page = browser.get("/sign-in").text
    assert "周敏老师 · 没有待办" in page
    assert "周敏老师填报销单并签字" in page
    assert "云澜市教育局 · 演示环境" in page
    assert browser.post("/sign-in/persona", {"persona": site.world.people["admin"]}).status_code == 404
    browser.get("/sign-in")
    assert browser.post("/sign-in/persona", {"persona": site.world.people["host"]}).location == "/"
    assert "周敏" in browser.get("/profile").text


def test_errors_are_pages_or_problems(site: Site) -> None:
    browser = site.browser("host")
    assert "没有找到" in browser.get("/nothing").text
    problem = browser.client.get("/api/v1/nothing")
    assert problem.mimetype == "application/problem+json"
    assert problem.json is not None
    assert problem.json["status"] == 404
    assert browser.get("/people").status_code == 403
    assert browser.client.get("/sign-out").status_code == 405
