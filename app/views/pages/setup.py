"""The first start: the page that creates organisation, administrator and rules."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.config import Settings
from app.domain.errors import Conflict, Invalid, Throttled
from app.domain.vocabulary import (
    AFFILIATION_TITLES,
    ORGANIZATION_KIND_TITLES,
    PROGRAMME_TITLES,
    STAGE_TITLES,
    Programme,
)
from app.services.accounts.people import PersonDraft
from app.services.accounts.setup import Installation, check_code, install
from app.services.rulebook.rule_packs import load_packs
from app.services.settings import is_installed
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.forms import options_of, typed
from app.views.pages.organizations import typed_organization
from app.views.security import address
from app.views.session import public, remember, setup_step

blueprint = Blueprint("setup", __name__)


@blueprint.get("/setup")
@setup_step
@public
def show() -> str | Response:
    """Show the set-up page; once set up, there is nothing here."""
    if is_installed(get_session()):
        return redirect(url_for("sign_in.show"))
    return _page({})


@blueprint.post("/setup")
@setup_step
@public
def submit() -> Response | tuple[str, int]:
    """Set the platform up and sign the administrator in."""
    settings: Settings = current_app.extensions["shenpi_settings"]
    if is_installed(get_session()):
        return redirect(url_for("sign_in.show"))
    try:
        check_code(get_session(), settings.secret_key, typed("code"), address())
        if request.form.get("password", "") != request.form.get("repeated", ""):
            raise Invalid.field("repeated", _("两次填的密码不一样。"))
        found = install(get_session(), _wanted())
    except (Invalid, Throttled) as error:
        errors = said_errors(error) if isinstance(error, Invalid) else {"code": [said(error.sentence)]}
        return _page(errors), status_of(error)
    except Conflict as error:
        flash(said(error.sentence))
        return redirect(url_for("sign_in.show"))
    remember(found)
    flash(_("已设好。接下来可以导入人员，也可以稍后再办。"))
    return redirect(url_for("imports.show"))


def _wanted() -> Installation:
    return Installation(
        organization=typed_organization(),
        admin=PersonDraft(typed("admin_name"), typed("username")),
        password=request.form.get("password", ""),
        packs={str(each): typed(f"pack_{each}") for each in Programme if typed(f"pack_{each}")},
    )


def _page(errors: dict[str, list[str]]) -> str:
    packs = load_packs()
    return render_template(
        "setup/show.html",
        kinds=options_of(ORGANIZATION_KIND_TITLES),
        affiliations=options_of(AFFILIATION_TITLES),
        stages=options_of(STAGE_TITLES),
        programmes=[
            (f"pack_{each}", _(title), [(key, pack.title) for key, pack in packs.items() if pack.programme == each])
            for each, title in PROGRAMME_TITLES.items()
        ],
        errors=errors,
        typed=request.form,
    )
