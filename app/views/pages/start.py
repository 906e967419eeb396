"""Starting a case: what there is by category, and the form to fill."""

import secrets
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.work import Draft
from app.domain import errors
from app.domain.errors import Invalid, NotFound, ShenpiError
from app.domain.text import N_
from app.engine.forms import Form, Option
from app.engine.forms.choice_fields import CheckboxField, ChoiceField
from app.services.filling import drafts, option_lists
from app.services.filling.drafts import DraftMoved
from app.services.journal import RequestKey
from app.services.publishing import definitions
from app.services.rank_reviews import reviews
from app.services.reading import cases
from app.services.reading.forecasts import path_before
from app.services.starting import pinnings, prefills, starts
from app.services.starting.pinnings import Subject
from app.services.starting.starts import Startable
from app.views import draft_posts
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.files import file_links
from app.views.form_fields import Around, Errors, labels, sections, unticked
from app.views.form_posts import Post, read_post, request_hash
from app.views.numbers import whole
from app.views.presenters import rank_applications
from app.views.presenters.applications import start_sheets
from app.views.presenters.asks import sent_on
from app.views.presenters.clauses import words_of
from app.views.presenters.forecasts import entries
from app.views.presenters.prefills import sources
from app.views.presenters.rules import rules_for
from app.views.session import current_actor

# Which lists name what a case is of, by the field that is chosen from them.
SUBJECTS = {"studio": ("own_studios", "studios_to_change"), "round": ("open_rounds",)}
# What to say where such a list is empty today.
NONE_OPEN = {
    "open_rounds": N_("现在没有可以申报的批次。可以先填好存草稿，批次开放以后再提交。"),
    "open_rank_reviews": N_("现在没有可以申报的职级评审：每年 9 月 1 日自己开始，开始以后会通知您。可以先填好存草稿。"),
    "supplement_applications": N_("现在没有可以补报的老师：本学年学校认定了的，都在名单里，或者还没有签署名单。"),
    "filed_ranks": N_("现在没有可以更正的职级：只有本校在平台上备案生效、不在更正的才能报。"),
}
Options = Mapping[str, Sequence[Option]]
blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
def show() -> str:
    """Show what the person may start, by category."""
    found = starts.startable(get_session(), current_actor())
    several = len({one.organization.id for one in found}) > 1
    entries = [_entry(one, is_named=several) for one in found]
    entries.sort(key=lambda entry: entry["category"])
    groups = [(category, list(run)) for category, run in groupby(entries, key=lambda entry: entry["category"])]
    return render_template("start/show.html", groups=groups)


@blueprint.get("/start/<key>")
def fill(key: str) -> str:
    """Show the form, with what the address fills in, or was typed before and not handed in."""
    chosen = _chosen(key)
    draft, given = _draft(chosen), _given(chosen)
    return _page(chosen, draft.values if draft and not given else _preset(chosen) | given)


@blueprint.post("/start/<key>")
def submit(key: str) -> Response | str | tuple[str, int]:
    """Start the case, keep a draft, or draw the form again."""
    session, actor = get_session(), current_actor()
    chosen = _chosen(key)
    post = read_post(session, actor, _form(chosen), _first(chosen).id)
    if post.errors and not post.is_redraw:
        return _page(chosen, post.values, post.errors), status_of(Invalid({}))
    if post.is_redraw:
        return _page(chosen, _unseen(chosen) | post.values, post.errors)
    url = url_for("start.fill", key=key, organization=chosen.organization.id)
    try:
        kept = draft_posts.handled(post, _subject(chosen), url, kept=_("已存草稿，下次从“发起”打开时接着填。"))
    except DraftMoved as error:
        return _page(chosen, post.values, moved=error), status_of(error)
    return kept or _start(chosen, post)


def _start(chosen: Startable, post: Post) -> Response | tuple[str, int]:
    session, actor = get_session(), current_actor()
    key = chosen.version.definition.key
    token = request.form.get("request") or secrets.token_urlsafe()
    # A second click sends the same token and gets the first answer: one case.
    once = RequestKey(f"page/{token}"[:64], request_hash())
    try:
        answer = starts.start(session, actor, key, chosen.organization.id, post.values, once)
    except Invalid as error:
        if {"round", "review"} & error.errors.keys():  # too late or too early: kept for when one is open
            drafts.keep(session, actor, _subject(chosen), drafts.Typed(post.values))
        return _page(chosen, post.values, said_errors(error), refusal=error), status_of(error)
    view = cases.case_view(session, actor, answer.instance)
    flash(sent_on(session, view, "submit", _("提交")))
    return redirect(url_for("cases.show", instance_id=answer.instance))


def _page(
    chosen: Startable,
    values: dict[str, Any],
    found: Errors | None = None,
    *,
    moved: DraftMoved | None = None,
    refusal: Invalid | None = None,
) -> str:
    session, actor, form = get_session(), current_actor(), _form(chosen)
    wrong = dict(found or {})
    options = _options(chosen)
    subject = _named(chosen, options, values)
    around = Around(
        options=options,
        files=file_links(session, actor, list(form.attachments_in(values))),
        errors=wrong,
        rules=rules_for(session, chosen, subject),
        sources=sources(prefills.prefilled(session, actor, chosen, options)),
    )
    manifest = definitions.part_of(chosen.version).package.manifest
    clause = refusal.clause if isinstance(refusal, errors.Refused) else None
    return render_template(
        "start/fill.html",
        manifest=manifest,
        organization=chosen.organization,
        sections=sections(form, manifest.title, form.shown(unticked(form, values), _first(chosen).id), around),
        errors=wrong,
        labels=labels(form, wrong),
        clause=words_of(clause) if clause else None,
        path=_path(chosen, values),
        application=_application(chosen, subject, values),
        none_open=_none_open(options),
        draft=draft_posts.about(_draft(chosen), moved.revision if moved else None),
        moved=said(moved.sentence) if moved else "",
        request_token=secrets.token_urlsafe(24),
        url=url_for("start.fill", key=manifest.key, organization=chosen.organization.id),
    )


def _application(chosen: Startable, subject: Subject, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the own file says of an application that is filled in."""
    session, actor, place = get_session(), current_actor(), chosen.organization.id
    if chosen.version.definition.key != reviews.APPLIES:
        return start_sheets(session, actor, place, subject.round, values.get("kind"))
    is_exceptional = bool(values.get("is_exceptional"))
    return rank_applications.start_sheets(session, actor, place, values.get("rank"), is_exceptional=is_exceptional)


def _none_open(options: Options) -> str:
    """Return what to say where there is nothing to apply in, or nobody to file, today."""
    return next((_(words) for key, words in NONE_OPEN.items() if not options.get(key, True)), "")


def _named(chosen: Startable, options: Options, values: Mapping[str, Any]) -> Subject:
    """Return the studio or round that is chosen so far."""
    offered = {name: [one.value for key in keys for one in options.get(key, ())] for name, keys in SUBJECTS.items()}
    named = {name: one for name, found in offered.items() for one in found if str(one) == str(values.get(name))}
    return pinnings.subject_of(get_session(), named, chosen.organization)


def _path(chosen: Startable, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how the case would go on with what is typed so far; nothing where it cannot be filed now."""
    key, organization_id = chosen.version.definition.key, chosen.organization.id
    try:
        return entries(path_before(get_session(), current_actor(), key, organization_id, values))
    except ShenpiError:
        return []


def _given(chosen: Startable) -> dict[str, Any]:
    """Return what the address names of the form's fields: a link may fill in a form, the person hands it in."""
    found = _form(chosen).from_http(request.args, _first(chosen).id)
    named = {name.partition(".")[0] for name in request.args}
    return {key: value for key, value in found.items() if key in named}


def _unseen(chosen: Startable) -> dict[str, Any]:
    """Return what the own file proves for fields that come into sight now; a box that is not ticked posts nothing."""
    fields = _form(chosen).fields
    return {
        key: value
        for key, value in _proven(chosen, _options(chosen)).items()
        if key not in request.form and not isinstance(fields[key], CheckboxField)
    }


def _preset(chosen: Startable) -> dict[str, Any]:
    """Return what a new form starts with: its defaults, the choices that leave none, what the own file proves, the rules."""
    form, options = _form(chosen), _options(chosen)
    only = {
        key: options[field.list_key][0].value
        for key, field in form.fields.items()
        if isinstance(field, ChoiceField) and not field.is_multiple and len(options.get(field.list_key, ())) == 1
    }
    ruled = pinnings.offered(form, rules_for(get_session(), chosen))
    return {**only, **form.defaults(), **_reached(chosen), **_proven(chosen, options), **ruled}


def _reached(chosen: Startable) -> dict[str, Any]:
    if chosen.version.definition.key != reviews.APPLIES:
        return {}
    return rank_applications.preset(get_session(), current_actor(), chosen.organization.id)


def _options(chosen: Startable) -> Options:
    keys = _form(chosen).list_keys
    return option_lists.options_for(get_session(), current_actor(), chosen.organization.id, keys)


def _proven(chosen: Startable, options: Options) -> dict[str, Any]:
    return prefills.values_of(prefills.prefilled(get_session(), current_actor(), chosen, options))


def _chosen(key: str) -> Startable:
    """Return the process in the organisation that the address names, or in the only one. Raises NotFound."""
    wanted = request.values.get("organization", type=whole)
    found = [
        one for one in starts.startable(get_session(), current_actor(), wanted) if one.version.definition.key == key
    ]
    if not found:
        raise NotFound
    return found[0]


def _entry(one: Startable, *, is_named: bool) -> dict[str, Any]:
    manifest = definitions.part_of(one.version).package.manifest
    draft = _draft(one)
    return {
        "category": manifest.category,
        "title": manifest.title,
        "hint": manifest.start_hint,
        "organization": one.organization.name if is_named else "",
        "href": url_for("start.fill", key=manifest.key, organization=one.organization.id),
        "draft": draft,
    }


def _form(chosen: Startable) -> Form:
    return definitions.part_of(chosen.version).form_of(_first(chosen).id) or Form("", ())


def _first(chosen: Startable) -> Any:
    return definitions.part_of(chosen.version).model.start


def _subject(chosen: Startable) -> str:
    return drafts.start_subject(chosen.version.definition.key, chosen.organization.id)


def _draft(chosen: Startable) -> Draft | None:
    return drafts.draft_of(get_session(), current_actor(), _subject(chosen))
