"""The request's database session; Flask-SQLAlchemy closes it at the end of the request."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.engine import engine_options

# Only its request-bound session is used: the tables have a base of their own, below the views.
db = SQLAlchemy(metadata=Base.metadata)


def init_database(app: Flask, url: str) -> None:
    """Bind the application to a database address."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)


def get_session() -> Session:
    """Return the session of the request."""
    return db.session()
