"""`/events`: what open pages are told, and who asks less often where a stream does not get through."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from itertools import chain

from flask import Blueprint, Flask, Response, current_app, json, jsonify, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.services.telling import live
from app.views.database import db, get_session
from app.views.session import current_actor
from app.views.streams import LATER_MS, Streams, event

blueprint = Blueprint("live", __name__)
_STREAMS = "shenpi_streams"


class DatabaseSource:
    """Looks at the database, past the sessions of requests."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def marks(self, people: Collection[int]) -> Mapping[int, str]:
        """Return how people stand."""
        with Session(self._engine()) as session:
            return {person_id: str(found) for person_id, found in live.standings(session, people).items()}

    def told(self, person_id: int) -> str:
        """Return what a person's pages show now."""
        with Session(self._engine()) as session:
            return json.dumps(asdict(live.present(session, person_id)), ensure_ascii=False)

    def _engine(self) -> Engine:
        with self._app.app_context():
            return db.engine


def init_live(app: Flask) -> None:
    """Keep the process's streams, and serve them."""
    app.extensions[_STREAMS] = Streams(DatabaseSource(app))
    app.register_blueprint(blueprint)


def end_streams(app: Flask) -> None:
    """End the streams before the server does, which would wait for them."""
    app.extensions[_STREAMS].close()


@blueprint.get("/events")
def events() -> Response:
    """Stream what comes for the person; where there is no place, say how things stand and when to come again."""
    streams: Streams = current_app.extensions[_STREAMS]
    person_id = current_actor().person_id
    mark = str(live.standings(get_session(), [person_id])[person_id])
    first = "" if request.headers.get("Last-Event-ID") == mark else event(mark, _told(person_id))
    stream = streams.enter(person_id, mark)
    if stream is None:
        return _answer(iter([f"retry: {LATER_MS}\n\n{first}"]))
    answer = _answer(chain([first] if first else [], streams.lines(stream)))
    answer.call_on_close(lambda: streams.leave(stream))
    return answer


@blueprint.get("/notifications/unread")
def unread() -> Response:
    """Answer the same once, for pages whose streams are cut."""
    return jsonify(asdict(live.present(get_session(), current_actor().person_id)))


def _told(person_id: int) -> str:
    return json.dumps(asdict(live.present(get_session(), person_id)), ensure_ascii=False)


def _answer(lines: Iterator[str]) -> Response:
    answer = Response(lines, mimetype="text/event-stream")
    # A proxy that gathers an answer before it hands it on would keep the page waiting.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
