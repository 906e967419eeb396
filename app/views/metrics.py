"""`/metrics` for Prometheus: counts of work and of requests, no personal data."""

import hmac
import ipaddress
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily

from app.config import Settings
from app.domain.errors import NotFound
from app.services.gauges import gauges
from app.views.database import get_session
from app.views.session import BEARER, public, setup_step

blueprint = Blueprint("metrics", __name__)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
_REGISTRY = "shenpi_metrics"
_REQUESTS = "shenpi_requests"


class WorkCollector:
    """Reads the counts when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield a gauge for each count."""
        for name, count in gauges(get_session()).items():
            yield GaugeMetricFamily(f"shenpi_{name}", name.replace("_", " "), value=count)


def init_metrics(app: Flask) -> None:
    """Count requests by route and status."""
    registry = CollectorRegistry()
    app.extensions[_REGISTRY] = registry
    app.extensions[_REQUESTS] = Counter(
        "shenpi_requests", "requests answered", ["method", "route", "status"], registry=registry
    )
    app.after_request(_count)
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
@setup_step
@public
def show() -> Response:
    """Return the counts to this machine, or to whoever has the token of the settings; raises NotFound."""
    if not _is_allowed():
        raise NotFound
    # A registry of its own for each answer: describing the work must not need a request at start-up.
    work = CollectorRegistry(auto_describe=False)
    work.register(WorkCollector())
    text = generate_latest(current_app.extensions[_REGISTRY]) + generate_latest(work)
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_allowed() -> bool:
    settings: Settings = current_app.extensions["shenpi_settings"]
    if settings.metrics_token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"{BEARER}{settings.metrics_token}".encode())
    # Behind a proxy that is not known everybody seems to come from this machine.
    is_behind_proxy = not settings.trusted_proxies and any(name in request.headers for name in FORWARDED)
    return not is_behind_proxy and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104


def _count(response: Response) -> Response:
    # The route, never the address: an address may name a case.
    route = request.url_rule.rule if request.url_rule else "none"
    current_app.extensions[_REQUESTS].labels(request.method, route, str(response.status_code)).inc()
    return response
