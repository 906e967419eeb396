"""The request's database session; Flask-SQLAlchemy closes it at the end of the request."""

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.engine import engine_options
from app.db.sessions import KeepingSession
from app.services.outbox import Dispatcher, hand_to


class _RequestSession(KeepingSession, FlaskSession):
    """A request's session, with one connection of the application's engine."""


# Only its request-bound session is used: the tables have a base of their own, below the views.
db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": _RequestSession})
_DISPATCHER = "shenpi_dispatcher"


def init_database(app: Flask, url: str, dispatcher: Dispatcher | None) -> None:
    """Bind the application to a database address, and to who hands out what it writes to the outbox."""
    app.extensions[_DISPATCHER] = dispatcher
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # before Flask-SQLAlchemy's own


def get_session() -> Session:
    """Return the session of the request."""
    session: Session = db.session()
    dispatcher = get_dispatcher()
    if dispatcher is not None:
        hand_to(session, dispatcher)
    return session


def _let_go(_error: BaseException | None) -> None:
    """Close the session; a connection that broke since the answer was made is thrown away and spoils nothing."""
    session: Session = db.session()
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()


def get_dispatcher() -> Dispatcher | None:
    """Return who hands out the outbox, where this process knows."""
    dispatcher: Dispatcher | None = current_app.extensions[_DISPATCHER]
    return dispatcher
