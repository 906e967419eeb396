"""Adopting a rule pack in the administrator's own organisation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.policy import Action
from app.domain.text import N_
from app.domain.vocabulary import PROGRAMME_TITLES, Programme
from app.services.accounts.organizations import organizations_for
from app.services.rulebook.rule_packs import find_pack, load_packs
from app.services.rulebook.rules import adopt_pack, levels_of
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.session import current_actor
from app.views.words import full_day

blueprint = Blueprint("rule_packs", __name__, url_prefix="/rules/adopt")


@blueprint.get("")
def show() -> str:
    """Show what is adopted and the form to adopt a pack."""
    return _page({})


@blueprint.post("")
def adopt() -> Response | tuple[str, int]:
    """Adopt a pack from a date."""
    organization_id = request.form.get("organization", 0, type=whole)
    try:
        from_on = typed_day("from")
        if not typed("pack") or from_on is None:
            raise Invalid.field("from" if typed("pack") else "pack", N_("请填写这一项。"))
        pack = find_pack(typed("pack"))
        adopt_pack(get_session(), current_actor(), organization_id, pack.programme, pack.key, from_on)
    except Invalid as error:
        return _page(said_errors(error)), 422
    except Conflict as error:
        return _page({"from": [said(error.sentence)]}), 409
    flash(_("已采用《%(pack)s》，%(day)s起生效。", pack=pack.title, day=full_day(from_on)))
    return redirect(url_for("rules.index", organization=organization_id))


def _page(errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    own = organizations_for(session, actor, Action.CHANGE_RULES)
    if not own:
        raise Forbidden
    adopted = [
        (organization.name, _(PROGRAMME_TITLES[programme]), adoption)
        for organization in own
        for programme in Programme
        for adoption in levels_of(session, organization, programme)[-1].adoptions
    ]
    return render_template(
        "rules/adopt.html",
        organizations=[(found.id, found.name) for found in own],
        packs=sorted(load_packs().values(), key=lambda pack: (pack.programme, pack.key)),
        programmes=PROGRAMME_TITLES,
        adopted=sorted(adopted, key=lambda row: row[2].from_on, reverse=True),
        typed=request.form,
        today=clock.today().isoformat(),
        errors=errors,
    )
