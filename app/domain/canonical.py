"""One form of a JSON value, its hash, and the journal's hash chain."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

SHA256 = "sha256"
# SM3 is the national standard GB/T 32905; OpenSSL may be built without it.
ALGORITHMS = frozenset({SHA256, "sha512", "sm3"})
FINGERPRINT_LENGTH = 16
GROUP = 4
# What goes round in a circle is found as its keys are looked at.
_WRITER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
)
_NESTED = (dict, list, tuple)


def canonical(value: Any) -> bytes:
    """Write a JSON value in its one form: sorted keys, no spaces, UTF-8.

    Raises TypeError for what JSON cannot hold and for keys that are not text, ValueError for NaN
    and infinity.
    """
    if isinstance(value, _NESTED):
        _refuse_other_keys(value)
    return _WRITER.encode(value).encode()


def mould(same: Mapping[str, Any], differing: Collection[str]) -> bytes:
    """Write the one form of objects that differ in some members: `mould % members`, in the order of their names.

    What is the same in all of them is written once; each member is to be given in its own one form.
    """
    members = {name: canonical(value).replace(b"%", b"%%") for name, value in same.items()}
    members |= dict.fromkeys(differing, b"%b")
    written = (canonical(name).replace(b"%", b"%%") + b":" + members[name] for name in sorted(members))
    return b"{" + b",".join(written) + b"}"


def content_hash(value: Any, algorithm: str = SHA256) -> str:
    """Return the hexadecimal hash of a JSON value in its one form."""
    return _digest(canonical(value), algorithm)


def chain(previous: str, entry: Any, algorithm: str = SHA256) -> str:
    """Return the hash that ties a journal entry to the one before it; the first has none ("")."""
    return chain_written(previous, canonical(entry), algorithm)


def chain_written(previous: str, entry: bytes, algorithm: str = SHA256) -> str:
    """Return what `chain` does, of an entry that is written in its one form already."""
    return _digest(b'{"entry":%b,"previous":%b}' % (entry, canonical(previous)), algorithm)


def fingerprint(content: str) -> str:
    """Shorten a hash for the eye, as in 3f9a 27c1 88d0 4be5."""
    short = content[:FINGERPRINT_LENGTH]
    return " ".join(short[start : start + GROUP] for start in range(0, len(short), GROUP))


def _digest(content: bytes, algorithm: str) -> str:
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown hash algorithm: {algorithm}")
    return hashlib.new(algorithm, content).hexdigest()


def _refuse_other_keys(value: Iterable[Any]) -> None:
    # json.dumps would quietly write the key 1 like the key "1".
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key that is not text: {key!r}")
        value = value.values()
    for child in value:
        if isinstance(child, _NESTED):
            _refuse_other_keys(child)
