"""Who sees what of a teacher's file, from signing in: page, API, evidence; and what the person is told of it."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from app.db.journal import JournalEntry
from app.db.people import Position
from app.domain import clock
from app.domain.errors import NotFound
from app.engine.package import load_package, package_from_files
from app.services import journal
from app.services.dossiers import people_lists
from app.services.dossiers.files import file_of
from app.services.files import attachments
from app.services.publishing import definitions
from app.services.transactions import writing
from tests.integration.api import Served
from tests.integration.dossier_world import add_keepers, enter, record_honour, record_sanction, sanction
from tests.integration.school import ROOT, School
from tests.integration.statements import statements_of

# What each of them sees of the teacher's file: entries, sanctions, numbers; nobody else sees it.
SEES = {
    "teacher": "entries sanctions numbers",
    "office": "entries sanctions numbers",
    "office2": "entries sanctions numbers",
    "director": "entries",
    "deputy": "entries",
    "legal": "entries",
    "discipline": "sanctions",
    "clerk": "entries",
}
BLIND = (
    "host",
    "member",
    "finance",
    "admin",
    "other_office",
    "other_legal",
    "district_admin",
    "city_admin",
    "city_auditor",
)


@pytest.fixture
def school(world: School) -> School:
    return add_keepers(world)


def test_each_office_sees_its_part(school: School) -> None:
    record_honour(school)
    record_sanction(school)
    teacher = school.people["teacher"]
    for name, parts in SEES.items():
        found = file_of(school.session, school.actor(name), teacher)
        seen = {one.entry.kind for one in found.entries}
        wanted = {kind for part, kind in (("entries", "honour"), ("sanctions", "sanction")) if part in parts}
        assert (name, seen) == (name, wanted)
        assert found.sight.has_numbers == ("numbers" in parts), name
    for name in BLIND:
        with pytest.raises(NotFound):
            file_of(school.session, school.actor(name), teacher)


def test_who_left_the_school_is_out_of_its_sight(school: School) -> None:
    record_honour(school)
    teacher = school.people["teacher"]
    left = update(Position).where(Position.person_id == teacher)
    school.session.execute(left.values(until_on=clock.today() - timedelta(days=1)))
    school.session.commit()
    for name in ("office", "legal", "clerk"):
        with pytest.raises(NotFound):
            file_of(school.session, school.actor(name), teacher)
    assert file_of(school.session, school.actor("teacher"), teacher).entries


def test_a_task_that_reads_a_file_opens_it_until_it_is_done(school: School) -> None:
    """The office's task stands for one of any position: here the finance officer's, who has no office over files."""
    record_honour(school)
    record_sanction(school)
    teacher, finance = school.people["teacher"], school.people["finance"]
    instance = enter(school)
    item = school.open_item(instance)
    for reads, kinds in (("file", {"honour"}), ("file sanctions", {"honour", "sanction"})):
        item.reads, item.assignee_id = reads, finance
        school.session.commit()
        found = file_of(school.session, school.actor("finance"), teacher)
        assert {one.entry.kind for one in found.entries} == kinds
        assert not found.sight.has_numbers
    with pytest.raises(NotFound):
        file_of(school.session, school.actor("finance"), school.people["host"])
    item.assignee_id = None
    school.session.commit()
    school.act(instance, "office2", "accept")
    with pytest.raises(NotFound):
        file_of(school.session, school.actor("finance"), teacher)


def test_the_diagram_says_which_task_reads(school: School) -> None:
    shipped = load_package("dossier_entry", ROOT / "processes", ROOT / "forms")
    reading = shipped.diagram.replace('shenpi:reads="file"', 'shenpi:reads="file sanctions"')
    package = package_from_files({**shipped.files, shipped.diagram_file: reading})
    with writing(school.session):
        definitions.publish_built_in(school.session, package)
    assert school.open_item(enter(school)).reads == "file sanctions"


def test_every_look_is_told_and_journalled(school: School) -> None:
    entry = record_honour(school)
    paper = entry.evidence[0].attachment_id
    teacher = school.people["teacher"]
    file_of(school.session, school.actor("legal"), teacher)
    attachments.opened(school.session, school.actor("legal"), paper)
    file_of(school.session, school.actor("teacher"), teacher)
    attachments.opened(school.session, school.actor("teacher"), paper)
    found = file_of(school.session, school.actor("teacher"), teacher).looks
    assert [(look.seen_by.name, look.what) for look in found] == [("陈国栋", "evidence"), ("陈国栋", "file")]
    assert "校长" in found[0].position_title
    chain = JournalEntry.chain == f"organization/{school.organizations['school']}"
    query = select(JournalEntry.details).where(chain, JournalEntry.action == "see_dossier")
    assert school.session.scalars(query.order_by(JournalEntry.sequence)).all() == [
        {"people": [teacher], "what": "file"},
        {"people": [teacher], "what": "evidence"},
    ]
    assert list(journal.verify(school.session)) == []


def test_papers_are_read_by_who_may_see_what_they_prove(school: School) -> None:
    honour, warning = record_honour(school), record_sanction(school)
    certificate, decision = honour.evidence[0].attachment_id, warning.evidence[0].attachment_id
    may = {
        certificate: {
            "teacher",
            "office",
            "office2",
            "director",
            "deputy",
            "legal",
            "clerk",
            "admin",
            "district_admin",
        },
        decision: {"teacher", "office", "office2", "deputy", "discipline"},
    }
    everybody = {*SEES, *BLIND} - {"city_admin"}
    for paper, readers in may.items():
        found = set()
        for name in everybody:
            try:
                attachments.readable(school.session, school.actor(name), paper)
            except NotFound:
                continue
            found.add(name)
        assert found == readers


def test_what_is_on_its_way_is_shown_to_who_sees_the_case(school: School) -> None:
    waiting, returned = enter(school), enter(school)
    school.act(returned, "office", "return")
    sanction(school)
    teacher = school.people["teacher"]
    for name, seen in (("teacher", 2), ("office", 2), ("legal", 2), ("discipline", 0)):
        found = file_of(school.session, school.actor(name), teacher).waiting
        assert len(found) == seen, name
    found = file_of(school.session, school.actor("teacher"), teacher).waiting
    assert {one.case.id: one.is_returned for one in found} == {waiting: False, returned: True}


def test_a_file_costs_the_same_however_much_is_in_it(school: School) -> None:
    actor = school.actor("teacher")
    record_honour(school)
    few = statements_of(school, lambda: file_of(school.session, actor, actor.person_id))
    for title in ("一", "二", "三"):
        record_honour(school, honour_title=title)
    assert statements_of(school, lambda: file_of(school.session, actor, actor.person_id)) == few <= 9


def test_the_list_of_files_costs_the_same_however_many_there_are(school: School) -> None:
    record_honour(school)
    for name, shown in (("office", 11), ("clerk", 19)):
        actor = school.actor(name)
        found = people_lists.people(school.session, actor)
        assert len(found.items) == shown
        assert {row.person.name: row.entries for row in found.items}["何静"] == 1
        assert statements_of(school, partial(people_lists.people, school.session, actor)) <= 4
    assert people_lists.people(school.session, school.actor("office"), q="何").items[0].person.name == "何静"
    assert people_lists.people(school.session, school.actor("teacher")).items[0].person.name == "何静"


def test_the_api_tells_the_whole_file(served: Served, school: School) -> None:
    entry = record_honour(school)
    school.act(returned := enter(school), "office", "return")
    teacher = school.people["teacher"]
    own = served.as_("teacher").get("/me/file").get_json()
    assert [one["id"] for one in own["entries"]] == [entry.id]
    assert own["entries"][0]["verified"]["by"]["name"] == "陆青"
    assert own["entries"][0]["evidence"] == [entry.evidence[0].attachment_id]
    assert own["pending"] == [
        {
            "instance": returned,
            "serial": own["pending"][0]["serial"],
            "title": "登记个人荣誉：区优秀班主任",
            "state": "returned",
        }
    ]
    assert own["looks"] == []
    seen = served.as_("office").get(f"/people/{teacher}/file").get_json()
    assert seen["entries"] == own["entries"]
    assert seen["looks"] is None
    assert served.as_("host").get(f"/people/{teacher}/file").status_code == 404
    assert [one["what"] for one in served.as_("teacher").get("/me/file").get_json()["looks"]] == ["file"]
