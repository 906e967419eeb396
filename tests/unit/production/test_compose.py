"""docker-compose.yml keeps what docs/operate.md promises of it."""

from typing import Any

import pytest

from tests.servers import compose
from tests.servers.deployments import GIVEN

OURS = ("upgrade", "web", "worker", "beat")
STORES = ("postgres", "redis")
SECRETS = ("SHENPI_SECRET_KEY", "SHENPI_DATABASE_PASSWORD", "SHENPI_PUBLIC_URL")


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return compose.resolved(GIVEN)


def test_the_services_are_these(content: dict[str, Any]) -> None:
    assert sorted(content["services"]) == sorted(OURS + STORES)


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_without_a_secret_and_the_sentence_says_where(name: str) -> None:
    with pytest.raises(compose.Missing, match=rf"{name}: 请在 \.env 里设 {name}"):
        compose.resolved({key: value for key, value in GIVEN.items() if key != name})


def test_no_secret_stands_in_the_file(content: dict[str, Any]) -> None:
    for service in compose.read()["services"].values():
        for name, value in service["environment"].items() if "environment" in service else ():
            if "PASSWORD" in name or "SECRET" in name or "TOKEN" in name:
                assert str(value).startswith("${"), name


def test_every_service_comes_back_and_writes_bounded_logs(content: dict[str, Any]) -> None:
    for name, service in content["services"].items():
        assert service["restart"] == ("on-failure:5" if name == "upgrade" else "unless-stopped")
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_every_service_that_stays_has_a_health_check(content: dict[str, Any]) -> None:
    for name, service in content["services"].items():
        if name != "upgrade":
            assert service["healthcheck"]["test"][0] == "CMD", name
            assert service["healthcheck"]["retries"] >= 3


def test_each_waits_for_what_it_needs(content: dict[str, Any]) -> None:
    waits = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in content["services"].items()
    }
    upgraded = {"upgrade": "service_completed_successfully", "postgres": "service_healthy"}
    assert waits["upgrade"] == {"postgres": "service_healthy"}
    # The web serves without Redis; who takes jobs from it does not.
    assert waits["web"] == upgraded
    assert waits["worker"] == waits["beat"] == {**upgraded, "redis": "service_healthy"}


def test_only_the_web_is_published_and_only_on_this_machine(content: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in content["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    assert content["networks"]["back"]["internal"] is True
    assert {name for name, service in content["services"].items() if "front" in service["networks"]} == {"web"}


def test_what_must_last_lies_in_named_volumes(content: dict[str, Any]) -> None:
    assert set(content["volumes"]) == {"attachments", "database", "redis"}
    for name in OURS:
        assert content["services"][name]["volumes"] == ["attachments:/data"]
    assert content["services"]["postgres"]["volumes"] == ["database:/var/lib/postgresql"]


def test_the_program_may_do_nothing_that_it_need_not(content: dict[str, Any]) -> None:
    for name in OURS:
        service = content["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service.get("user") is None  # the image's own, which is not root


def test_images_are_pinned(content: dict[str, Any]) -> None:
    for name in STORES:
        tag = content["services"][name]["image"].split(":")[1]
        assert tag.split("-")[0].count(".") == 1, tag
