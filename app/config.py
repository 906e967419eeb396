"""Settings: read once from the environment, frozen, each fault named in a sentence."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.mail import MailServer, Tls, is_address

ROOT = Path(__file__).resolve().parent
PACKAGED = ROOT / "_data"
DATA = PACKAGED if PACKAGED.is_dir() else ROOT.parent  # an installed wheel carries its own copy
SECRET_BYTES = 32
# Several photographs of one form together; a single file is limited where it is stored.
MAX_REQUEST_BYTES = 64 * 1024 * 1024
FROM_FILE = "_FILE"
KEPT_KEY = "secret.key"
PORTS = {Tls.TLS: "465", Tls.STARTTLS: "587", Tls.NONE: "25"}


class ConfigurationError(Exception):
    """The environment lacks a setting or holds a wrong one."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations; sizes in bytes."""

    database_url: str
    secret_key: str
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    is_behind_tls: bool = False
    trusted_proxies: int = 0
    max_request_bytes: int = MAX_REQUEST_BYTES
    metrics_token: str = ""
    redis_url: str = ""
    # None where nobody is mailed.
    mail_server: MailServer | None = None
    processes_dir: Path = DATA / "processes"
    forms_dir: Path = DATA / "forms"
    migrations_dir: Path = DATA / "migrations"

    @property
    def attachments_dir(self) -> Path:
        """Return where attachments lie, outside the web root."""
        return self.data_dir / "attachments"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, creates: bool = True) -> "Settings":
        """Read the SHENPI_* variables; where `<name>_FILE` is set, the value is what that file holds.

        Without `creates` nothing is made: where no secret was kept yet, it stays empty. Raises ConfigurationError with a sentence that names the variable.
        """
        environment = {**environment, **dict(_kept_in_files(environment.items()))}
        data_dir = Path(environment.get("SHENPI_DATA_DIR", "var")).absolute()
        port = _port("SHENPI_PORT", environment.get("SHENPI_PORT", "8000"))
        host = environment.get("SHENPI_HOST", "127.0.0.1")
        return cls(
            database_url=_database_url(environment.get("SHENPI_DATABASE_URL"), data_dir),
            secret_key=_secret_key(environment.get("SHENPI_SECRET_KEY"), data_dir, creates=creates),
            data_dir=data_dir,
            host=host,
            port=port,
            public_url=_public_url(environment.get("SHENPI_PUBLIC_URL", f"http://{host}:{port}")),
            is_behind_tls=_flag("SHENPI_BEHIND_TLS", environment.get("SHENPI_BEHIND_TLS", "0")),
            trusted_proxies=_count("SHENPI_TRUSTED_PROXIES", environment.get("SHENPI_TRUSTED_PROXIES", "0")),
            metrics_token=environment.get("SHENPI_METRICS_TOKEN", ""),
            redis_url=_redis_url(environment.get("SHENPI_REDIS_URL", "")),
            mail_server=_mail_server(environment),
        )


def _kept_in_files(variables: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the settings whose values lie in files, as container platforms hand over secrets."""
    for name, place in variables:
        if name.startswith("SHENPI_") and name.endswith(FROM_FILE):
            try:
                yield name.removesuffix(FROM_FILE), Path(place).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                message = f"{name} 指的文件读不出来：{place}。请核对路径和权限。"
                raise ConfigurationError(message) from error


def _database_url(value: str | None, data_dir: Path) -> str:
    if not value:
        return f"sqlite:///{data_dir / 'shenpi.sqlite3'}"
    if value.startswith("postgresql://"):
        return value.replace("postgresql://", "postgresql+psycopg://", 1)
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return value
    message = "SHENPI_DATABASE_URL 只能以 sqlite:/// 或 postgresql:// 开头。"
    raise ConfigurationError(message)


def _redis_url(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        message = "SHENPI_REDIS_URL 只能以 redis://、rediss:// 或 unix:// 开头。"
        raise ConfigurationError(message)
    return value


def _mail_server(environment: Mapping[str, str]) -> MailServer | None:
    host = environment.get("SHENPI_SMTP_HOST", "")
    if not host:
        return None
    tls, sender = environment.get("SHENPI_SMTP_TLS", Tls.STARTTLS), environment.get("SHENPI_SMTP_SENDER", "")
    if tls not in set(Tls):
        message = f"SHENPI_SMTP_TLS 只能填 {'、'.join(Tls)}，现在是 {tls}。"
        raise ConfigurationError(message)
    if not is_address(sender):
        message = "SHENPI_SMTP_SENDER 要填发信的邮箱，例如 shenpi@example.edu.cn。"
        raise ConfigurationError(message)
    return MailServer(
        host=host,
        port=_port("SHENPI_SMTP_PORT", environment.get("SHENPI_SMTP_PORT") or PORTS[Tls(tls)]),
        tls=Tls(tls),
        sender=sender,
        user=environment.get("SHENPI_SMTP_USER", ""),
        password=environment.get("SHENPI_SMTP_PASSWORD", ""),
    )


def _secret_key(value: str | None, data_dir: Path, *, creates: bool) -> str:
    """Return the given key, or one kept in the data directory since the first start.

    Raises ConfigurationError when the directory cannot be written.
    """
    if value:
        if len(value) < SECRET_BYTES:
            message = f"SHENPI_SECRET_KEY 太短：至少 {SECRET_BYTES} 个字符。"
            raise ConfigurationError(message)
        return value
    kept = data_dir / KEPT_KEY
    try:
        if not kept.exists():
            if not creates:
                return ""
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # holds what concerns people
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(SECRET_BYTES), encoding="ascii")
        return kept.read_text(encoding="ascii").strip()
    except OSError as error:
        message = f"SHENPI_DATA_DIR 用不了：{data_dir} 不能读写。请改权限，或者换一个文件夹。"
        raise ConfigurationError(message) from error


def _port(name: str, value: str) -> int:
    port = _count(name, value)
    if not 0 < port < 2**16:
        message = f"{name} 要在 1 到 65535 之间，现在是 {value}。"
        raise ConfigurationError(message)
    return port


def _count(name: str, value: str) -> int:
    if not value.isdecimal():
        message = f"{name} 要填一个整数，现在是 {value}。"
        raise ConfigurationError(message)
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        message = f"{name} 只能填 0 或 1，现在是 {value}。"
        raise ConfigurationError(message)
    return value == "1"


def _public_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        message = f"SHENPI_PUBLIC_URL 要以 http:// 或 https:// 开头，现在是 {value}。"
        raise ConfigurationError(message)
    return value.rstrip("/")
