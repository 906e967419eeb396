"""The rules of an organisation: the list, one rule with its past, changing a value, adopting a pack."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.people import Organization
from app.domain import clock, rule_texts
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.policy import Action
from app.domain.rule_definitions import Definition, ValueType
from app.domain.rule_refusals import OWN_TITLES
from app.domain.text import N_
from app.domain.vocabulary import LOCK_TITLES, PROGRAMME_TITLES, Lock, OrganizationKind, Programme
from app.services.accounts.organizations import get_organization, organizations_for
from app.services.rulebook import rule_history, rules
from app.services.rulebook.rule_listing import Filter, Listing, Row, rule_listing, rule_row
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.presenters import rule_rows
from app.views.session import current_actor
from app.views.words import full_day

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
SEARCH_LENGTH = 100


@blueprint.get("")
def index() -> str:
    """List the rules in force in an organisation."""
    session, actor, organization = get_session(), current_actor(), _organization()
    programme, show = _one_of(Programme, request.args.get("pack")), _one_of(Filter, request.args.get("filter"))
    search = request.args.get("q", "")[:SEARCH_LENGTH]
    listing = rule_listing(session, actor, organization.id, programme, show or Filter.ALL, search)
    used = {row.programme for found in listing.groups.values() for row in found}
    return render_template(
        "rules/index.html",
        organization=organization,
        organizations=[(each.id, each.name) for each in organizations_for(session, actor, Action.SEE_ORGANIZATION)],
        listing=listing,
        since=full_day(listing.since) if listing.since else "",
        groups=rule_rows.groups(listing, organization.id, is_several=len(used) > 1),
        chips=_chips(listing, organization, show or Filter.ALL),
        packs=[("", _("全部规则包")), *((each.value, _(title)) for each, title in PROGRAMME_TITLES.items())],
        pack=programme or "",
        show=show or "",
        search=search,
    )


@blueprint.get("/<programme>/<parameter>")
def show(programme: str, parameter: str) -> str:
    """Show one rule, its values so far, and to an administrator the form that changes it."""
    row = _row(programme, parameter)
    shown = row.pending[-1].rule if row.pending else row.rule
    return _page(row, rule_rows.typed_texts(row.rule.parameter.definition, shown.value), {})


@blueprint.post("/<programme>/<parameter>")
def change(programme: str, parameter: str) -> Response | tuple[str, int]:
    """Set the value in the administrator's own organisation."""
    row, organization = _row(programme, parameter), _organization()
    definition = row.rule.parameter.definition
    if not rule_rows.is_editable(row):
        raise Forbidden
    posted = {name: request.form.getlist(name) for name in request.form}
    try:
        asked = _asked(definition)
        rule = rules.change_rule(get_session(), current_actor(), organization.id, programme, parameter, **asked)
    except Refused as error:
        lock = _(LOCK_TITLES[Lock(row.rule.parameter.lock)])
        beside = {path: [_("这条规则：%(lock)s。", lock=lock)] for path in _value_fields(error)}
        return _page(row, posted, beside, error), 422
    except Invalid as error:
        return _page(row, posted, said_errors(error)), 422
    since = full_day(asked["from_on"])
    flash(_("已保存：%(title)s从%(day)s起为 %(value)s。", title=_(definition.title), day=since, value=rule.text))
    return redirect(url_for("rules.show", programme=programme, parameter=parameter, organization=organization.id))


def _asked(definition: Definition) -> dict[str, Any]:
    """Read the posted change; raises Invalid with everything that cannot be read."""
    errors: dict[str, Any] = {}
    value = from_on = None
    try:
        value = _typed_value(definition)
    except Invalid as error:
        errors |= error.errors
    try:
        from_on = typed_day("from")
        if from_on is None:
            errors |= Invalid.field("from", N_("请填从哪一天起。")).errors
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return {"value": value, "from_on": from_on, "reason": typed("reason")}


def _typed_value(definition: Definition) -> Any:
    if definition.type != ValueType.CEILINGS:
        return rule_texts.read_value(definition, request.form.getlist("value"))
    return rule_texts.read_ceilings(definition, {key: typed(f"value.{key}") for key in definition.options})


def _value_fields(error: Invalid) -> list[str]:
    return [path for path in error.errors if path.startswith("value")]


def _page(row: Row, posted: dict[str, list[str]], errors: dict[str, list[str]], refusal: Refused | None = None) -> str:
    session, actor, organization = get_session(), current_actor(), _organization()
    listing = rule_listing(session, actor, organization.id, row.programme)
    definition = row.rule.parameter.definition
    return render_template(
        "rules/show.html",
        organization=organization,
        row=rule_rows.row_of(row, organization.id, can_change=listing.can_change),
        since=full_day(row.rule.from_on),
        table=rule_rows.table_of(definition, row.rule.value),
        field=rule_rows.field_of(definition),
        can_change=listing.can_change,
        own=_(OWN_TITLES[OrganizationKind(organization.kind)]),
        posted=posted,
        errors=errors,
        refusal=" ".join(said(words) for found in refusal.errors.values() for words in found) if refusal else "",
        today=clock.today().isoformat(),
        history=rule_history.rule_history(session, actor, organization.id, row.programme, row.rule.key),
    )


def _row(programme: str, parameter: str) -> Row:
    kind = _one_of(Programme, programme)
    if kind is None:
        raise NotFound
    return rule_row(get_session(), current_actor(), _organization().id, kind, parameter)


def _organization() -> Organization:
    """Return the organisation asked for, by default that of the position in use; raises NotFound."""
    actor = current_actor()
    asked = request.args.get("organization", type=whole)
    if asked is None:
        asked = actor.acting.organization_id if actor.acting else 0
    return get_organization(get_session(), actor, asked, Action.SEE_ORGANIZATION)


def _chips(listing: Listing, organization: Organization, show: Filter) -> list[dict[str, Any]]:
    own = _(OWN_TITLES[OrganizationKind(organization.kind)])
    labels = {
        Filter.ALL: _("全部"),
        Filter.CHANGEABLE: _("%(own)s能改", own=own),
        Filter.OWN: _("%(own)s设定", own=own),
        Filter.PENDING: _("将要生效"),
    }
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("organization", "pack", "q") if request.args.get(name)
    }
    return [
        {
            "url": url_for("rules.index", filter=each.value, **kept),
            "label": label,
            "count": listing.counts[each],
            "is_current": each == show,
        }
        for each, label in labels.items()
    ]


def _one_of(kind: type[Any], text: str | None) -> Any:
    return next((each for each in kind if each.value == text), None)
