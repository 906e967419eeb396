"""Bearer tokens: the only way to prove oneself to the API."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.services.accounts.tokens import issue_token
from app.views.api.answering import CREATED, answer
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Instant
from app.views.database import get_session
from app.views.security import address
from app.views.session import public

family = Family("tokens", "令牌")


class Credentials(Body):
    username: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=1000)]


class Token(Answer):
    token: str
    expires_at: Instant


@family.post("/tokens", summary="用用户名和密码换取令牌，12 小时内有效", responses={CREATED: Token}, security=[])
@public
def create(body: Credentials) -> Response:
    """Give a token for username and password."""
    token, expires_at = issue_token(get_session(), body.username, body.password, address())
    given = answer(Token(token=token, expires_at=expires_at), CREATED)
    given.headers["Cache-Control"] = "no-store"
    return given
