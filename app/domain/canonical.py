"""One form of a JSON value, its hash, and the journal's hash chain."""

import hashlib
import json
from typing import Any

SHA256 = "sha256"
# SM3 is the national standard GB/T 32905; OpenSSL may be built without it.
ALGORITHMS = frozenset({SHA256, "sha512", "sm3"})
FINGERPRINT_LENGTH = 16
GROUP = 4


def canonical(value: Any) -> bytes:
    """Write a JSON value in its one form: sorted keys, no spaces, UTF-8.

    Raises TypeError for what JSON cannot hold and for keys that are not text, ValueError for NaN
    and infinity.
    """
    _refuse_other_keys(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def content_hash(value: Any, algorithm: str = SHA256) -> str:
    """Return the hexadecimal hash of a JSON value in its one form."""
    return _digest(canonical(value), algorithm)


def chain(previous: str, entry: Any, algorithm: str = SHA256) -> str:
    """Return the hash that ties a journal entry to the one before it; the first has none ("")."""
    return _digest(canonical({"previous": previous, "entry": entry}), algorithm)


def fingerprint(content: str) -> str:
    """Shorten a hash for the eye, as in 3f9a 27c1 88d0 4be5."""
    short = content[:FINGERPRINT_LENGTH]
    return " ".join(short[start : start + GROUP] for start in range(0, len(short), GROUP))


def _digest(content: bytes, algorithm: str) -> str:
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown hash algorithm: {algorithm}")
    return hashlib.new(algorithm, content).hexdigest()


def _refuse_other_keys(value: Any) -> None:
    # json.dumps would quietly write the key 1 like the key "1".
    if isinstance(value, dict):
        for key, child in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key that is not text: {key!r}")
            _refuse_other_keys(child)
    elif isinstance(value, list | tuple):
        for child in value:
            _refuse_other_keys(child)
