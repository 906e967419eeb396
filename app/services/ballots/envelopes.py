"""The double envelope: votes sealed to the ballot's key, the key sealed for each pair of scrutineers (DESIGN §3).

libsodium alone does the sealing: sealed boxes over X25519, keys from passphrases by Argon2id.
"""

import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import permutations

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

SALT_BYTES = pwhash.argon2id.SALTBYTES
# Half a second and 64 MB for each try at a passphrase.
PASSES, MEMORY = 4, 64 * 1024 * 1024


@dataclass(frozen=True)
class Sealed:
    """The ballot's private key for one ordered pair: who opens the outer box, who the inner one."""

    outer_id: int
    inner_id: int
    box: bytes


def new_salt() -> bytes:
    """Return a salt for a passphrase."""
    return secrets.token_bytes(SALT_BYTES)


def key_of(passphrase: str, salt: bytes) -> PrivateKey:
    """Return the key pair that follows from a passphrase."""
    seed = pwhash.argon2id.kdf(PrivateKey.SIZE, passphrase.encode(), salt, opslimit=PASSES, memlimit=MEMORY)
    return PrivateKey(seed)


def new_ballot(keepers: Mapping[int, bytes]) -> tuple[bytes, list[Sealed]]:
    """Return the public key of a new ballot, and its private one sealed for each ordered pair of the keepers alone."""
    private = PrivateKey.generate()
    return bytes(private.public_key), list(_sealed(bytes(private), keepers))


def seal(record: bytes, public_key: bytes) -> bytes:
    """Put what a vote says into an envelope."""
    return SealedBox(PublicKey(public_key)).encrypt(record)


def opened(box: bytes, key: PrivateKey) -> bytes | None:
    """Return what is in a box, or None where the key does not open it."""
    try:
        return SealedBox(key).decrypt(box)
    except CryptoError:
        return None


def records(envelopes: Sequence[bytes], private_key: bytes) -> list[bytes | None]:
    """Return what the votes say, in memory alone; None for an envelope that the key does not open."""
    key = PrivateKey(private_key)
    return [opened(envelope, key) for envelope in envelopes]


def fingerprint(told: bytes, private_key: bytes) -> bytes:
    """Return a fingerprint of a count from which nobody without the key can guess it."""
    return hmac.new(private_key, told, sha256).digest()


def _sealed(private: bytes, keepers: Mapping[int, bytes]) -> Iterator[Sealed]:
    for outer_id, inner_id in permutations(sorted(keepers), 2):
        inner = seal(private, keepers[inner_id])
        yield Sealed(outer_id, inner_id, seal(inner, keepers[outer_id]))
