"""Filings of ranks: the years and lists in sight, and a bureau's year with its rows to audit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid
from app.domain.filings import ROW_VERDICT_TITLES, FilingLevel, RowVerdict, Standing
from app.services.filings import (
    auditing,
    bulk_audits,
    lateness,
    letters,
    listing,
    progress,
    routes,
    row_lists,
    supplements,
    urging,
)
from app.services.filings.auditing import Audit
from app.services.reading import cases
from app.services.starting import starts
from app.views import papers
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.forms import member_of, options_of, typed
from app.views.numbers import whole
from app.views.presenters import filing_lists, filing_rows
from app.views.presenters import filings as words
from app.views.presenters.filing_districts import district_rows, urge_words, urged
from app.views.session import current_actor

blueprint = Blueprint("filings", __name__, url_prefix="/filings")
PAGE = 50
# Of the schools these are shown first: on a phone each is a card.
FIRST_SCHOOLS = 10
SUPPLEMENT = "rank_supplement"
# Urging more schools than these is asked about once more: a school has about three people who are told.
MANY = 6


@blueprint.get("")
def index() -> str:
    """List the years of bureaus and the lists of schools in sight."""
    session, actor = get_session(), current_actor()
    cursor = request.args.get("cursor")
    page = listing.batches(session, actor, school_year=None, cursor=cursor, limit=PAGE)
    return render_template(
        "filings/index.html",
        runs=[words.run_row(one) for one in listing.runs_in_sight(session, actor)],
        batches=[words.batch_row(one) for one in page.items],
        first_url=url_for("filings.index") if cursor else "",
        next_url=url_for("filings.index", cursor=page.next) if page.next else "",
    )


@blueprint.get("/<int:run_id>")
def show(run_id: int) -> str:
    """Show a bureau's year: who has filed, and the rows that lie with it."""
    return _page(run_id, {})


@blueprint.get("/lists/<int:batch_id>")
def show_list(batch_id: int) -> str:
    """Show a school's list with where each of its rows stands."""
    session, actor = get_session(), current_actor()
    batch = listing.batch_of_sight(session, actor, batch_id)
    found = listing.open_tasks(session, batch)
    readable = cases.readable(session, actor, [batch.instance_id]) if batch.instance_id else []
    mended = filing_lists.mended(batch, found) if readable else {}
    return render_template(
        "filings/list.html",
        batch=words.batch_row(batch),
        rows=[words.list_row(row, mended.get(row.id)) for row in batch.rows],
        tasks=filing_lists.tasks(session, actor, found),
        paper=filing_lists.paper(batch, found),
        paper_url=url_for("filings.paper", batch_id=batch_id) if batch.instance_id else "",
        case_url=url_for("cases.show", instance_id=batch.instance_id) if readable else "",
        supplement_url=_supplement_url(batch.organization_id),
    )


@blueprint.get("/lists/<int:batch_id>/list.pdf")
def paper(batch_id: int) -> Response:
    """Answer a school's list, to be printed and sealed."""
    return papers.filing_list_of(get_session(), current_actor(), batch_id)


@blueprint.get("/letters/<int:letter_id>/list.pdf")
def letter(letter_id: int) -> Response:
    """Answer what a district sends to a city that is not on the platform, to be printed and sealed."""
    return papers.filing_letter_of(get_session(), current_actor(), letter_id)


@blueprint.post("/<int:run_id>/rows")
def audit(run_id: int) -> Response | tuple[str, int]:
    """Prepare a verdict for the rows that are ticked."""
    session, actor = get_session(), current_actor()
    verdict = member_of(RowVerdict, typed("verdict"))
    try:
        if verdict is None:
            raise Invalid.field("verdict", _("请选审核意见。"))
        count = auditing.audit(session, actor, run_id, _ticked(), Audit(verdict, typed("reason")))
    except Invalid as error:
        return _page(run_id, said_errors(error)), status_of(error)
    flash(_("已写好 %(count)d 位的审核意见，提交以后由另一个人确认。", count=count))
    return redirect(url_for("filings.show", run_id=run_id, **filing_rows.filters_of(request.args)))


@blueprint.post("/<int:run_id>/accept")
def accept_found(run_id: int) -> Response | tuple[str, int]:
    """Prepare to accept all that the filter finds."""
    session, actor, wanted = get_session(), current_actor(), filing_rows.wanted_of(request.args)
    try:
        count = bulk_audits.accept_found(session, actor, run_id, wanted, typed("mark"))
    except Conflict as error:
        return _page(run_id, {"rows": [said(error.sentence)]}), 409
    flash(_("已给筛选出的 %(count)d 位写上“通过”，提交以后由另一个人确认。", count=count))
    return redirect(url_for("filings.show", run_id=run_id, **filing_rows.filters_of(request.args)))


@blueprint.post("/<int:run_id>/urge")
def urge(run_id: int) -> Response | str:
    """Urge the schools that have not filed, and the districts that are late; ask first where that reaches many."""
    session, actor = get_session(), current_actor()
    run = listing.run_of_sight(session, actor, run_id)
    schools = words.missing(listing.schools_below(session, run))
    if schools > MANY and not typed("is_sure") and urging.may_urge(actor, run):
        told = urge_words(schools, lateness.districts_below(session, run))
        return render_template("filings/urge.html", run=run, title=words.title_of(run), words=told)
    count = urging.urge(session, actor, run_id)
    flash(urged(count.schools, count.districts))
    return redirect(url_for("filings.show", run_id=run_id))


def _supplement_url(school_id: int) -> str:
    """Return where a school files what came after its list; nothing for those who may not, and where nothing did."""
    session = get_session()
    found = starts.startable(session, current_actor(), school_id)
    is_due = any(one.version.definition.key == SUPPLEMENT for one in found)
    if not is_due or not supplements.open_applications(session, school_id):
        return ""
    return url_for("start.fill", key=SUPPLEMENT, organization=school_id)


def _page(run_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    run = listing.run_of_sight(session, actor, run_id)
    cursor, filters = request.args.get("cursor"), filing_rows.filters_of(request.args)
    wanted, may_audit = filing_rows.wanted_of(filters), auditing.may_audit(session, actor, run)
    page = row_lists.rows(session, run, wanted, cursor=cursor, limit=PAGE)
    districts = lateness.districts_below(session, run)
    last = progress.file_by(session, run.organization_id, run.school_year)
    left, level = progress.days_left(last) if last else 0, routes.level_of(run.organization)
    schools = progress.by_attention(listing.schools_below(session, run), level, is_over=left < 0)
    due = [one for one in schools if one.standing != Standing.NOT_ADOPTED]
    shown = due if request.args.get("schools") == filing_rows.ALL else due[:FIRST_SCHOOLS]
    return render_template(
        "filings/show.html",
        run=run,
        title=words.title_of(run),
        line=words.deadline(run, last, left),
        figures=words.figures(schools, level),
        schools=words.school_rows(shown),
        school_count=len(due),
        without_review=words.without_review(schools),
        is_city=level == FilingLevel.CITY,
        rows=filing_rows.rows(page.items),
        districts=district_rows(districts),
        letters=[words.letter_row(one) for one in letters.of_runs(session, [run])],
        urge_words=urge_words(words.missing(schools), districts) if urging.may_urge(actor, run) else "",
        may_audit=may_audit,
        found=bulk_audits.found(session, run, wanted) if may_audit else None,
        verdicts=options_of(ROW_VERDICT_TITLES),
        selects=filing_rows.selects(run, row_lists.schools_of(session, run), filters),
        filters=filters,
        errors=errors,
        typed=request.form,
        first_url=url_for("filings.show", run_id=run_id, **filters) if cursor else "",
        next_url=url_for("filings.show", run_id=run_id, cursor=page.next, **filters) if page.next else "",
    )


def _ticked() -> dict[int, int | None]:
    """Return the rows that are ticked, each with the revision that the page showed."""
    ticked = request.form.getlist("row", type=whole)
    return {row_id: request.form.get(f"revision_{row_id}", type=whole) for row_id in ticked}
