"""PostgreSQL's own pipeline, through libpq: several statements go in one flush, each known to the server by a name.

psycopg's pipeline runs a few generators for every statement, which cost the client more than half of a step; its
cursors also drop all that is prepared with every rollback (docs/adr/0019).
"""

import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from psycopg import Connection, errors, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq.abc import PGconn, PGresult

# No name is given twice: psycopg may drop what is prepared, or not (`Pipeline.forget`).
_NAMES = (b"shenpi_%d" % number for number in count(1))
_FAILED = frozenset({pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE})
_IN_TRANSACTION = frozenset({pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR})
Row = tuple[Any, ...]


class Statement(NamedTuple):
    """A text with `$1`, `$2`… and what stands for them; one that comes again is kept by the server."""

    text: str
    parameters: Sequence[Any] = ()
    is_kept: bool = True


class Pipeline:
    """One connection's way to its server."""

    def __init__(self, connection: Connection[Any]) -> None:
        """Take the driver's connection, which is used beside."""
        self._connection = connection
        self._names: dict[str, bytes] = {}
        self._adapting = Transformer(connection)
        # Of the pipeline that is open: how many answers are to come, and what is prepared with it.
        self._asked = 0
        self._fresh: dict[str, bytes] = {}

    @property
    def is_in_transaction(self) -> bool:
        """Tell whether the server holds a transaction open."""
        return self._connection.pgconn.transaction_status in _IN_TRANSACTION

    def forget(self) -> None:
        """Prepare all anew: psycopg drops what the server knows after some statements, ours too."""
        self._names.clear()

    def send(self, statements: Sequence[Statement]) -> list[Row]:
        """Send statements together, and return the rows that the last answers. Raises the driver's errors."""
        with self.open() as results:
            self.put(statements)
        return self._rows(results[-1])

    @contextmanager
    def open(self) -> Iterator[list[PGresult]]:
        """Send what is put within, and yield where the answers are at the end. Raises the driver's errors."""
        results: list[PGresult] = []
        self._connection.pgconn.enter_pipeline_mode()
        self._asked, self._fresh = 0, {}
        try:
            yield results
        finally:
            results += self._ended()
        for result in results:
            if result.status in _FAILED:
                raise errors.error_from_result(result)
        self._names |= self._fresh

    def put(self, statements: Sequence[Statement]) -> None:
        """Send statements without waiting for their answers."""
        server = self._connection.pgconn
        for text, given, is_kept in statements:
            parameters = self._adapting.dump_sequence(given, [PyFormat.TEXT] * len(given))
            if is_kept:
                server.send_query_prepared(self._name(server, text), parameters)
            else:
                server.send_query_params(text.encode(), parameters)
            self._asked += 1
        server.flush()

    def _name(self, server: PGconn, text: str) -> bytes:
        name = self._names.get(text) or self._fresh.get(text)
        if name is None:
            name = self._fresh[text] = next(_NAMES)
            server.send_prepare(name, text.encode())
            self._asked += 1
        return name

    def _ended(self) -> list[PGresult]:
        """End the pipeline, and return what the server answered."""
        server = self._connection.pgconn
        try:
            server.pipeline_sync()
            results = [_result(server) for _ in range(self._asked)]
            _result(server)
            server.exit_pipeline_mode()
        except BaseException:
            # Between question and answer, the connection is good for nothing more.
            self._connection.close()
            raise
        return results

    def _rows(self, result: PGresult) -> list[Row]:
        self._adapting.set_pgresult(result)
        return self._adapting.load_rows(0, result.ntuples, tuple) if result.ntuples else []


def _result(server: PGconn) -> PGresult:
    """Return what the server answers to one statement, or to the end of all."""
    _wait(server)
    result = server.get_result()
    if result is None:
        message = "the server has no answer left"
        raise errors.OperationalError(message)
    if result.status != pq.ExecStatus.PIPELINE_SYNC:
        # Behind each answer stands that there is no more to it.
        _wait(server)
        server.get_result()
    return result


def _wait(server: PGconn) -> None:
    """Wait for the server without holding up other threads, and send what is still to be sent."""
    while (is_sending := server.flush()) or server.is_busy():
        socket = select.poll()
        socket.register(server.socket, select.POLLIN | (select.POLLOUT if is_sending else 0))
        if any(event & ~select.POLLOUT for _socket, event in socket.poll()):
            server.consume_input()
