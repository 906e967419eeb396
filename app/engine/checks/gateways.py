"""Gateways: each finds a way on, each way is taken sometimes, and each does one thing."""

from collections.abc import Iterator, Mapping

from app.domain.text import N_
from app.engine.checks.choices import Row, Table, tables_of
from app.engine.checks.choices.variables import EQUAL, LESS, MORE, OTHER
from app.engine.checks.facts import Facts
from app.engine.model import Flow, Gateway
from app.engine.problems import Problem

_COMPARED: Mapping[object, str] = {LESS: N_("前面的小"), MORE: N_("前面的大"), EQUAL: N_("两边相等")}
_VALUES: Mapping[object, str] = {None: N_("空"), True: N_("真"), False: N_("假"), OTHER: N_("别的值")}


def check_gateways(facts: Facts) -> Iterator[Problem]:
    """Find gateways that may find no way on, ways that are never taken, and gateways that do nothing or two things."""
    tables = tables_of(facts)
    for gateway in facts.model.of_kind(Gateway):
        yield from _shape(facts, gateway)
        table = tables.get(gateway.id)
        if table is not None:
            yield from _ways(facts, table)
        if gateway.kind == "exclusive" and gateway.default is None and len(facts.outgoing(gateway.id)) > 1:
            yield from _gaps(facts, gateway, table)


def _shape(facts: Facts, gateway: Gateway) -> Iterator[Problem]:
    into = [flow for flow in facts.model.flows if flow.target == gateway.id]
    out = facts.outgoing(gateway.id)
    if gateway.kind == "event" and len(out) == 1:
        yield facts.problem(gateway.id, "event-gateway", N_("事件网关后面要有两个以上的事件，只有一个的请直接连上它。"))
    elif len(into) == 1 and len(out) == 1:
        yield facts.problem(gateway.id, "gateway-idle", N_("只有一条进线和一条出线的网关没有作用，请删去它。"))
    # Whatever way leads to the others, one goes on; of a parallel one nobody sees what it waits for.
    elif gateway.kind == "parallel" and len(into) > 1 and len(out) > 1:
        message = N_("一个并行网关不要又会合又分开，请拆成两个：前一个会合，后一个分开。")
        yield facts.problem(gateway.id, "gateway-mixed", message)


def _ways(facts: Facts, table: Table) -> Iterator[Problem]:
    """Find conditions that never hold, and those that only hold where one before them holds too."""
    holding = {flow for row in table.rows for flow in row.holding}
    taken = {table.taken(row) for row in table.rows}
    for flow in facts.outgoing(table.gateway.id):
        if flow.condition and flow.id not in holding:
            yield facts.problem(flow.id, "condition", N_("这个条件永远不成立，请核对前面的答复和选项，改正条件。"))
        elif flow.condition and flow.id not in taken:
            yield _shadowed(facts, flow)


def _shadowed(facts: Facts, flow: Flow) -> Problem:
    message = N_("这个条件成立的时候，前面的出线总是先成立，这条线走不到，请改正条件，或者调换连线的先后。")
    return facts.problem(flow.id, "condition-shadowed", message)


def _gaps(facts: Facts, gateway: Gateway, table: Table | None) -> Iterator[Problem]:
    gap = next((row for row in table.rows if not row.holding), None) if table else None
    if table is None:
        message = N_("条件太多，看不出是不是总有一条成立，请设一条默认连线。")
        yield facts.problem(gateway.id, "no-match", message)
    elif gap is not None:
        message = N_("可能一个条件都不成立（例如%(case)s），办件会停在这里，请设一条默认连线。")
        yield facts.problem(gateway.id, "no-match", message, case=_case(table, gap))


def _case(table: Table, row: Row) -> str:
    """Say in words which combination of values is meant."""
    parts = []
    for variable in table.variables:
        value = row.values[variable.key]
        told = (
            _VALUES.get(value) if value is None or isinstance(value, bool) or variable.is_name else _COMPARED.get(value)
        )
        parts.append(
            N_("%(name)s是%(value)s")
            % {"name": variable.key.replace(" ? ", " 与 "), "value": value if told is None else told}
        )
    return "，".join(parts)
