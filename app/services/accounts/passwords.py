"""Passwords: argon2id, a minimum length, and one-time passwords for new people."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import Invalid
from app.domain.serial import ALPHABET
from app.domain.text import N_

MIN_LENGTH = 8
MAX_LENGTH = 128
ONE_TIME_LENGTH = 10

# OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A one-time password holds 49 random bits: there is no dictionary to slow down, and an import
# hashes thousands of them. It is replaced at the first sign-in.
_quick_hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password that a person chose."""
    return _hasher.hash(password)


def hash_one_time(password: str) -> str:
    """Return the argon2id hash of a random one-time password."""
    return _quick_hasher.hash(password)


@cache
def _nobody() -> str:
    """Return a hash that no password fits."""
    return hash_password(secrets.token_urlsafe())


def matches(password_hash: str | None, password: str) -> bool:
    """Check a password; a wrong one costs the same whether there is a hash or none, and however it was made."""
    given = password[:MAX_LENGTH]
    if password_hash is not None and _fits(password_hash, given):
        return True
    if password_hash is None or is_outdated(password_hash):
        _fits(_nobody(), given)
    return False


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    try:
        return _hasher.check_needs_rehash(password_hash)
    except InvalidHashError:
        return True


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def one_time() -> str:
    """Draw a password that can be read from paper: ten characters without lookalikes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ONE_TIME_LENGTH))


def check_new(password: str, username: str, path: str = "new_password") -> None:
    """Refuse a password that is too short, too long or the username; raises Invalid."""
    if len(password) < MIN_LENGTH:
        raise Invalid.field(
            path, N_("密码至少 %(least)d 位，您填了 %(given)d 位。"), least=MIN_LENGTH, given=len(password)
        )
    if len(password) > MAX_LENGTH:
        raise Invalid.field(path, N_("密码最多 %(most)d 位。"), most=MAX_LENGTH)
    if password.casefold() == username.casefold():
        raise Invalid.field(path, N_("密码不能和用户名相同。"))
