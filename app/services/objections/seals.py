"""The seal on whose an objection is and what it says: libsodium's secret box under a key of the server's secret.

Marks let who objects find the objection again: without the server's secret they tell nothing, not even that two
objections are the same person's.
"""

import hmac
from dataclasses import asdict, dataclass
from hashlib import sha256

import orjson
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

# The length of what is sealed tells no length of a name or a sentence.
BLOCK = 1024


@dataclass(frozen=True)
class SealedFile:
    """What a file was called, and what it is."""

    name: str
    media_type: str


@dataclass(frozen=True)
class Contents:
    """What is sealed: who objects, nobody where that is nobody's to know, in which words, with which files."""

    objector_id: int | None
    reason: str
    files: tuple[SealedFile, ...] = ()


class Seal:
    """What seals and marks by the server's secret."""

    def __init__(self, secret_key: str) -> None:
        self._marks = _key_for(secret_key, "marks")
        self._box = SecretBox(_key_for(secret_key, "contents"))

    def close(self, contents: Contents) -> bytes:
        """Seal the contents of an objection."""
        return bytes(self._box.encrypt(sodium_pad(orjson.dumps(asdict(contents)), BLOCK)))

    def open(self, sealed: bytes) -> Contents | None:
        """Return the contents of an objection, None where another secret sealed it."""
        found = self.open_file(sealed)
        if found is None:
            return None
        data = orjson.loads(sodium_unpad(found, BLOCK))
        files = tuple(SealedFile(**one) for one in data["files"])
        return Contents(data["objector_id"], data["reason"], files)

    def close_file(self, content: bytes) -> bytes:
        """Seal a file."""
        return bytes(self._box.encrypt(content))

    def open_file(self, sealed: bytes) -> bytes | None:
        """Return what is in a sealed file, None where another secret sealed it."""
        try:
            return bytes(self._box.decrypt(sealed))
        except CryptoError:
            return None

    def mark(self, notice_id: int, person_id: int, objector_id: int) -> str:
        """Return the mark of a person's objection to a name on a notice."""
        return self.mark_of(f"{notice_id}/{person_id}/{objector_id}")

    def mark_of(self, text: str) -> str:
        """Return the mark of a text."""
        return hmac.new(self._marks, text.encode(), sha256).hexdigest()


def _key_for(secret_key: str, use: str) -> bytes:
    return hmac.new(secret_key.encode(), f"shenpi objections {use}".encode(), sha256).digest()
