"""Settings of a server: Redis, and secrets that lie in files."""

from pathlib import Path

import pytest

from app.config import ConfigurationError, Settings

KEY = "0123456789abcdef0123456789abcdef"


def read(**given: str) -> Settings:
    return Settings.from_environment({"SHENPI_SECRET_KEY": KEY, **given})


@pytest.mark.parametrize("url", ["", "redis://redis:6379/0", "rediss://:pw@far:6380/1", "unix:///run/redis.sock"])
def test_redis_may_be_there_or_not(url: str) -> None:
    assert read(SHENPI_REDIS_URL=url).redis_url == url


def test_another_queue_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SHENPI_REDIS_URL"):
        read(SHENPI_REDIS_URL="amqp://rabbit")


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("x" * 40 + "\n", encoding="utf-8")
    assert read(SHENPI_SECRET_KEY_FILE=str(kept)).secret_key == "x" * 40
    address = tmp_path / "address"
    address.write_text("postgresql://shenpi:p%40ss@db/shenpi", encoding="utf-8")
    assert read(SHENPI_DATABASE_URL_FILE=str(address)).database_url == "postgresql+psycopg://shenpi:p%40ss@db/shenpi"


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="SHENPI_SECRET_KEY_FILE 指的文件读不出来"):
        read(SHENPI_SECRET_KEY_FILE=str(tmp_path / "none"))
