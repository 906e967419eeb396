"""The web application, composed from its parts; nothing is decided here."""

from flask_babel import Babel
from flask_openapi3 import Info, OpenAPI

from app.config import Settings
from app.services.outbox import Dispatcher
from app.views import public, verify
from app.views.api import APIS, specification
from app.views.api.fields import Problem
from app.views.api.json_reading import StrictJson
from app.views.api.problems import invalid_request
from app.views.assets import init_assets
from app.views.context import init_context
from app.views.database import init_database
from app.views.errors import init_errors
from app.views.live import init_live
from app.views.metrics import init_metrics
from app.views.numbers import init_numbers
from app.views.outages import init_outages
from app.views.pages import PAGES
from app.views.security import init_security
from app.views.session import init_session
from app.views.words import init_words

LOCALE = "zh_Hans_CN"
TIMEZONE = "Asia/Shanghai"


def create_app(settings: Settings, dispatcher: Dispatcher | None = None) -> OpenAPI:
    """Compose the application for one database; a dispatcher is told of what its requests put in the outbox."""
    app = OpenAPI(
        "app.views",
        info=Info(title="审批", version="1"),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_model=Problem,
        validation_error_callback=invalid_request,
    )
    app.json = StrictJson(app)
    app.extensions["shenpi_settings"] = settings
    init_numbers(app)
    init_database(app, settings.database_url, dispatcher)
    Babel(app, default_locale=LOCALE, default_timezone=TIMEZONE)  # type: ignore[no-untyped-call]
    init_security(app, settings)
    init_session(app)
    init_errors(app)
    init_outages(app)
    init_assets(app)
    init_words(app)
    init_context(app)
    init_metrics(app)
    init_live(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(verify.blueprint)
    app.register_blueprint(specification.blueprint)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    for api in APIS:
        app.register_api(api)
    return app
