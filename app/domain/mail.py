"""Addresses of e-mail, and the server that sends it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_ADDRESS = 254
# Plain ASCII, as every server takes it; nothing that could end a header or name a second person.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Tls(StrEnum):
    """How the conversation is encrypted: from its first byte, after STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """The SMTP server of the installation, and as whom it sends."""

    host: str
    port: int
    tls: Tls
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def is_address(text: str) -> bool:
    """Tell whether a text can be the address of a mail."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None
