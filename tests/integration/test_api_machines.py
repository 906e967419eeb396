"""What machines ask of the platform: its health, its counts, its own description, a document's code."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from openapi_spec_validator import validate
from sqlalchemy import select

from app import installation
from app.config import Settings
from app.db.processes import ProcessInstance
from app.factory import create_app
from app.services.timing import ticks
from app.views.database import db
from tests.integration.conftest import SECRET, Site


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the installation leaves it, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    installation.prepared(Settings(f"sqlite:///{folder / 'machines.sqlite3'}", SECRET, folder)).dispose()
    return folder / "machines.sqlite3"


@pytest.fixture
def installed(migrated: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a migrated database, before its first tick."""
    app = create_app(Settings(f"sqlite:///{shutil.copy(migrated, tmp_path)}", SECRET, tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_health_needs_no_database(tmp_path):
    app = create_app(Settings(f"sqlite:///{tmp_path}/missing/nowhere.sqlite3", SECRET, tmp_path))
    assert app.test_client().get("/healthz").text == "ok"
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, False)


def test_ready_once_the_ticker_works(installed):
    client = installed.test_client()
    first = client.get("/readyz")
    assert (first.status_code, first.json) == (503, {"database": True, "migrations": True, "ticker": False})
    with installed.app_context():
        ticks.tick(db.session())
    assert client.get("/readyz").status_code == 200


def test_a_database_of_another_structure_is_not_ready(empty_site: Site):
    answer = empty_site.app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, False)


def test_metrics_count_without_naming_anybody(installed):
    client = installed.test_client()
    client.get("/api/v1/instances/7")
    told = client.get("/metrics").text
    for name in ("open_work_items", "running_cases", "failed_cases", "outbox_pending", "open_incidents"):
        assert f"shenpi_{name} 0.0" in told
    assert 'route="/api/v1/instances/<int:id>",status="401"' in told


@pytest.mark.parametrize(
    "seen_from",
    [{"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, {"headers": {"X-Forwarded-For": "192.0.2.7"}}],
)
def test_metrics_are_for_this_machine(installed, seen_from):
    assert installed.test_client().get("/metrics", **seen_from).status_code == 404


def test_metrics_for_whoever_has_the_token(tmp_path, installed):
    url = installed.config["SQLALCHEMY_DATABASE_URI"]
    app = create_app(Settings(url, SECRET, tmp_path, metrics_token="t0ken"))
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    far = {"REMOTE_ADDR": "192.0.2.7"}
    given = client.get("/metrics", environ_base=far, headers={"Authorization": "Bearer t0ken"})
    assert given.status_code == 200
    with app.app_context():
        db.engine.dispose()


def test_the_description_is_valid_and_chinese(installed):
    answer = installed.test_client().get("/api/v1/openapi.json")
    assert answer.get_json()["openapi"].startswith("3.1")
    validate(answer.json)
    for path, operations in answer.get_json()["paths"].items():
        for operation in operations.values():
            assert any("一" <= letter <= "鿿" for letter in operation["summary"]), path
    described = {(rule.rule, method) for rule in installed.url_map.iter_rules() for method in rule.methods or ()}
    routes = {rule.replace("<int:", "<") for rule, _ in described if rule.startswith("/api/v1/")}
    wanted = {path.replace("{", "<").replace("}", ">") for path in answer.get_json()["paths"]}
    assert routes - wanted == {"/api/v1/openapi.json"}


def test_the_description_names_the_key_of_what_may_be_sent_again(installed):
    """A POST that starts or moves a case takes `Idempotency-Key`, so do remarks and papers received; drafts do not."""
    paths = installed.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    keyed = {
        path.removeprefix("/api/v1")
        for path, operations in paths.items()
        for one in operations.get("post", {}).get("parameters", ())
        if (one["in"], one["name"]) == ("header", "Idempotency-Key")
    }
    acts = ("complete", "recuse", "return", "claim", "release", "transfer", "delegate", "add-signer", "recall")
    beside = ("withdraw", "remind", "copy", "comments", "materials/{material}/receive")
    starts = {"/instances", "/notices/{id}/objections"}
    assert keyed == starts | {f"/instances/{{id}}/{one}" for one in beside} | {f"/tasks/{{id}}/{act}" for act in acts}


def _booked_code(site: Site) -> str:
    world = site.world
    assert world is not None
    world.confirm_budget()
    instance = world.start_expense()
    world.act(instance, "host", "sign")
    world.act(instance, "legal", "sign")
    world.book(instance)
    return site.session.scalars(select(ProcessInstance.verification_code).where(ProcessInstance.id == instance)).one()


def test_a_code_stands_for_a_document(site: Site):
    code = _booked_code(site)
    client = site.app.test_client()
    told = client.get(f"/verify/{code}", headers={"Accept": "application/json"}).get_json()
    assert (told["kind"], told["is_valid"], len(told["hash"])) == ("经费报销凭证", True, 64)
    assert told["serial"].startswith("BX-SF01-")
    page = client.get(f"/verify/{code[:4].lower()}-{code[4:]}", headers={"Accept": "text/html"})
    assert "这张凭证有效" in page.text
    assert told["serial"] in page.text
    assert "周敏" not in page.text + str(told)


def test_an_unknown_code_says_so(site: Site):
    client = site.app.test_client()
    told = client.get("/verify/AAAABBBBCCCCDDDD", headers={"Accept": "application/json"})
    assert (told.status_code, told.mimetype) == (404, "application/problem+json")
    page = client.get("/verify/nonsense")
    assert (page.status_code, "没有这张单据" in page.text) == (404, True)
