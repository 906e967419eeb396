"""A client of the API over HTTP, as a program of another system is one."""

import json
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from tests.integration.school import PASSWORD, PDF

NOT_ANSWERED = 0


@dataclass(frozen=True)
class Reply:
    """What came back; a status of 0 says that nothing did."""

    status: int
    body: Any = None
    kind: str = ""


class Client:
    """One person with a token."""

    def __init__(self, address: str, username: str) -> None:
        self.address, self.username = address, username
        self.token = ""

    def sign_in(self) -> "Client":
        reply = self.post("/tokens", {"username": self.username, "password": PASSWORD})
        assert reply.status == 201, reply
        self.token = reply.body["token"]
        return self

    def get(self, path: str) -> Reply:
        return self._sent("GET", f"/api/v1{path}", None, {})

    def page(self, path: str) -> Reply:
        return self._sent("GET", path, None, {})

    def post(self, path: str, body: Any, key: str | None = None) -> Reply:
        headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
        return self._sent("POST", f"/api/v1{path}", json.dumps(body).encode(), headers)

    def upload(self, content: bytes = PDF, name: str = "invoice.pdf") -> Reply:
        return self._sent_form("/api/v1/attachments", name, content, {})

    def hand_over(self, content: bytes, name: str, organization: int) -> Reply:
        """Hand over a file as a version of a process."""
        return self._sent_form("/api/v1/definitions", name, content, {"organization": str(organization)})

    def _sent_form(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> Reply:
        mark = uuid.uuid4().hex
        written = name.replace("\r", "%0D").replace("\n", "%0A")  # as browsers do
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        ]
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{written}"\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self._sent("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def _sent(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.address + path, body, headers, method=method)  # noqa: S310 - our own address
        try:
            return _asked(request)
        except (OSError, HTTPException):  # an answer that breaks off is none
            return Reply(NOT_ANSWERED)


def _asked(request: urllib.request.Request) -> Reply:
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return _reply(answer.status, answer.headers.get_content_type(), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return _reply(error.code, error.headers.get_content_type(), error.read())


def _reply(status: int, kind: str, content: bytes) -> Reply:
    return Reply(status, json.loads(content) if "json" in kind else content.decode("utf-8", "replace"), kind)
