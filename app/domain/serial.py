"""Serial numbers of cases and verification codes of printed documents."""

import re
import secrets
from typing import NamedTuple

# Without 0 and O, 1, I and L, which people confuse on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16
GROUP = 4
# A byte stands for a sign by its remainder; the last few, which would favour some signs, are thrown away.
_SIGNS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(256 - 256 % len(ALPHABET), 256))
_SERIAL = re.compile(r"([A-Z]{1,8})-([A-Z0-9]{1,16})-(\d{4})-(\d{4,})")


class Serial(NamedTuple):
    """Name a case: process code, organisation code, year and running number."""

    process: str
    organization: str
    year: int
    number: int

    def __str__(self) -> str:
        """Write the serial as in BX-SF01-2026-0318."""
        return f"{self.process}-{self.organization}-{self.year:04}-{self.number:04}"


def parse_serial(text: str) -> Serial:
    """Read a serial such as BX-SF01-2026-0318; raises ValueError."""
    match = _SERIAL.fullmatch(text.strip().upper())
    if match is None:
        raise ValueError(f"not a serial number: {text!r}")
    process, organization, year, number = match.groups()
    return Serial(process, organization, int(year), int(number))


def verification_code() -> str:
    """Draw a code that stands for a printed document: 16 characters, 79 bits."""
    signs = b""
    while len(signs) < CODE_LENGTH:
        signs += secrets.token_bytes(2 * CODE_LENGTH).translate(_SIGNS, _UNFAIR)
    return signs[:CODE_LENGTH].decode()


def grouped_code(code: str) -> str:
    """Write a verification code for print, in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parse_code(text: str) -> str:
    """Read a verification code as typed from paper; raises ValueError."""
    code = re.sub(r"[\s-]", "", text).upper()
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError(f"not a verification code: {text!r}")
    return code
