"""Versions of a school's own: handed over, submitted, published by a second person, retired."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.people import Position
from app.db.processes import ProcessVersion
from app.domain import clock
from app.domain.vocabulary import Role
from app.engine.handover.archives import write_archive
from app.engine.handover.layouts import laid_out
from app.engine.package import ProcessPackage, load_package, package_from_files
from app.services import journal
from app.services.publishing import publications, versions
from app.services.publishing.publications import TWO_PERSONS
from app.services.rulebook import rules
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration import called_process
from tests.integration.api import API, Caller, Served
from tests.integration.conftest import Site
from tests.integration.school import ROOT

KEY = "annual_budget"
BUILT_IN = load_package(KEY, ROOT / "processes", ROOT / "forms")
CHANGED = BUILT_IN.diagram.replace('name="财务确认预算"', 'name="财务核对并确认预算"')
BUDGET = {
    "year": clock.today().year,
    "grants": [{"source": "city", "amount": 100}],
    "lines": [{"category": "books", "amount": 100}],
}

WHO = (
    ("teacher", "school", 403),
    ("admin", "sibling", 404),
    ("admin", "district", 404),
    ("district_admin", "school", 403),
)


def hand_over(caller: Caller, organization: int, name: str, content: bytes) -> Any:
    form = {"file": (BytesIO(content), name), "organization": str(organization)}
    return caller.client.post(
        f"{API}/definitions", data=form, headers=caller.headers, content_type="multipart/form-data"
    )


def drafted(served: Served, username: str = "admin", place: str = "school", diagram: str = CHANGED) -> str:
    answer = hand_over(served.as_(username), served.school.organizations[place], f"{KEY}.bpmn", diagram.encode())
    assert answer.status_code == 201, answer.json
    return f"/definitions/{KEY}/versions/{answer.json['version']}"


def published(served: Served, username: str = "admin", place: str = "school", by: str = "legal") -> str:
    path = drafted(served, username, place)
    assert served.as_(username).post(f"{path}/submit").status_code == 200
    assert served.as_(by).post(f"{path}/approve").status_code == 200
    return path


def version_at(served: Served, username: str) -> int:
    found = served.as_(username).get("/processes").get_json()["items"]
    return next(int(one["version"]) for one in found if one["key"] == KEY)


def test_a_version_is_published_by_two_people_and_retired(served: Served):
    admin, legal = served.as_("admin"), served.as_("legal")
    path = drafted(served)
    assert version_at(served, "host") == 1  # a draft changes nothing
    assert legal.post(f"{path}/approve").status_code == 409  # not submitted
    assert admin.post(f"{path}/submit").get_json()["status"] == "submitted"
    own = admin.post(f"{path}/approve")
    assert (own.status_code, "另一位" in own.get_json()["detail"]) == (403, True)
    assert legal.post(f"{path}/approve").get_json()["status"] == "published"
    assert (version_at(served, "host"), version_at(served, "other_host")) == (2, 1)
    assert admin.post(f"{path}/retire").get_json()["status"] == "retired"
    assert version_at(served, "host") == 1
    assert journalled(served) == ["draft_process", "submit_process", "publish_process", "retire_process"]
    assert list(journal.verify(served.school.session)) == []


def journalled(served: Served) -> list[str]:
    chain = JournalEntry.chain == f"organization/{served.school.organizations['school']}"
    entries = served.school.session.scalars(select(JournalEntry).where(chain).order_by(JournalEntry.sequence)).all()
    assert all(len(entry.details["hash"]) == 64 for entry in entries)
    return [entry.action for entry in entries]


def test_the_same_click_twice_is_one_act(served: Served):
    admin, legal = served.as_("admin"), served.as_("legal")
    path = drafted(served)
    assert drafted(served) == path
    for caller, act in ((admin, "submit"), (legal, "approve"), (admin, "retire")):
        first, second = caller.post(f"{path}/{act}"), caller.post(f"{path}/{act}")
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json == second.json
    assert len(journalled(served)) == 4
    assert admin.post(f"{path}/submit").status_code == 409


def test_what_holds_is_the_nearest(served: Served):
    path = published(served, "district_admin", "district", by="city_admin")
    assert path.endswith("/2")
    assert (version_at(served, "host"), version_at(served, "other_host")) == (2, 2)
    changed = CHANGED.replace("财务核对并确认预算", "学校财务确认")
    own = drafted(served, diagram=changed)
    served.as_("admin").post(f"{own}/submit")
    served.as_("legal").post(f"{own}/approve")
    assert (version_at(served, "host"), version_at(served, "other_host")) == (3, 2)


def test_running_cases_stay_on_their_version(served: Served):
    path = published(served)
    host = served.as_("host")
    values = BUDGET | {"studio": served.school.studio}
    case = host.file(served.school, values, KEY)
    assert (case.status_code, case.get_json()["version"]) == (201, 2)
    served.as_("admin").post(f"{path}/retire")
    confirmed = served.as_("finance").complete("finance_confirm", "accept")
    assert (confirmed.status_code, confirmed.get_json()["instance"]["outcome"]) == (200, "confirmed")
    assert host.file(served.school, values, KEY).get_json()["version"] == 1


def test_the_package_comes_back_as_it_went(served: Served):
    admin, school = served.as_("admin"), served.school.organizations["school"]
    built_in = admin.get(f"/definitions/{KEY}/versions/1/package")
    assert (built_in.status_code, built_in.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(built_in.data)) as archive:
        assert f"processes/{KEY}/{KEY}.bpmn" in archive.namelist()
        assert f"forms/{KEY}/budget.json" in archive.namelist()
    again = hand_over(admin, school, "流程.zip", built_in.data)
    assert (again.status_code, again.json["content_hash"]) == (201, BUILT_IN.content_hash)
    path = f"/definitions/{KEY}/versions/{again.json['version']}/package"
    assert admin.get(path).data == built_in.data


def test_problems_are_told_with_file_element_rule_and_sentence(served: Served):
    school = served.school.organizations["school"]
    wrong = BUILT_IN.diagram.replace('shenpi:role="finance_officer"', 'shenpi:role="nobody"')
    answer = hand_over(served.as_("admin"), school, "改过的.bpmn", wrong.encode())
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    found = answer.get_json()["problems"][0]
    assert found == {
        "file": f"{KEY}.bpmn",
        "element": "finance_confirm",
        "rule": found["rule"],
        "text": "没有角色“nobody”，请改成已有的角色。",
    }
    stranger = BUILT_IN.diagram.replace(f'id="{KEY}"', 'id="leave_request"')
    answer = hand_over(served.as_("admin"), school, "x.bpmn", stranger.encode())
    assert (answer.status_code, answer.get_json()["problems"][0]["rule"]) == (422, "package")


def test_a_file_that_is_too_large_is_told_the_limit(served: Served):
    admin, announced = served.as_("admin"), {"CONTENT_LENGTH": "5200000"}
    kind = "multipart/form-data; boundary=x"
    # What is announced is refused before a byte of it is read.
    answer = admin.client.post(
        f"{API}/definitions", headers=admin.headers, content_type=kind, environ_overrides=announced
    )
    assert (answer.status_code, answer.get_json()["status"]) == (413, 413)
    assert "5 MB" in answer.get_json()["detail"]


def own_process(key: str, diagram: str, title: str = "本校预算", code: str = "XY", category: str = "经费") -> bytes:
    """Return the built-in package with another diagram, under a key, a title, a code and a category of its own."""
    files = {
        name.replace(KEY, key): text.replace(f'"{KEY}"', f'"{key}"')
        .replace("年度预算", title)
        .replace('"YS"', f'"{code}"')
        .replace('category = "经费"', f'category = "{category}"')
        for name, text in {**BUILT_IN.files, f"{KEY}.bpmn": diagram}.items()
    }
    return write_archive(laid_out(package_from_files(files)))


def test_a_process_of_a_school_stays_in_the_school(served: Served):
    content = own_process("own_budget", BUILT_IN.diagram)
    school = served.school.organizations["school"]
    answer = hand_over(served.as_("admin"), school, "x.zip", content)
    assert answer.status_code == 201, answer.json
    path = f"/definitions/own_budget/versions/{answer.json['version']}"
    served.as_("admin").post(f"{path}/submit")
    served.as_("legal").post(f"{path}/approve")
    assert "own_budget" in keys(served, "host")
    assert "own_budget" not in keys(served, "other_host")
    assert served.as_("other_admin").get(f"{path}/package").status_code == 404
    assert served.as_("teacher").get(f"{path}/package").status_code == 403


def test_a_draft_elsewhere_says_nothing_of_a_process(served: Served):
    places, diagram = served.school.organizations, BUILT_IN.diagram
    elsewhere = own_process("own_budget", diagram, title="邻校写的", code="LX", category="其他")
    assert hand_over(served.as_("other_admin"), places["sibling"], "x.zip", elsewhere).status_code == 201
    own = hand_over(served.as_("admin"), places["school"], "x.zip", own_process("own_budget", diagram))
    path = f"/definitions/own_budget/versions/{own.json['version']}"
    served.as_("admin").post(f"{path}/submit")
    served.as_("legal").post(f"{path}/approve")
    host = served.as_("host")
    case = host.file(served.school, BUDGET | {"studio": served.school.studio}, "own_budget").get_json()["id"]
    mine = host.get("/tasks", box="initiated").get_json()["items"]
    assert [one["name"] for one in mine] == ["本校预算"]
    assert served.as_("finance").get(f"/instances/{case}").status_code == 200  # it is about money
    assert versions.titles_in_sight(served.school.session, served.school.actor("host"))["own_budget"] == "本校预算"


def test_a_code_of_an_organisation_below_is_taken(served: Served):
    places, admin = served.school.organizations, served.as_("admin")
    content = own_process("own_budget", BUILT_IN.diagram, code="DX")
    path = f"/definitions/own_budget/versions/{hand_over(admin, places['school'], 'x.zip', content).json['version']}"
    admin.post(f"{path}/submit")
    assert served.as_("legal").post(f"{path}/approve").status_code == 200
    other = own_process("other_budget", BUILT_IN.diagram, code="DX")
    answer = hand_over(served.as_("district_admin"), places["district"], "x.zip", other)
    assert answer.status_code == 422, answer.json
    assert [(one["element"], one["rule"]) for one in answer.json["problems"]] == [("code", "replacement")]
    again = own_process("own_budget", BUILT_IN.diagram.replace("财务确认预算", "财务核对预算"), code="DX")
    assert hand_over(admin, places["school"], "x.zip", again).status_code == 201


def hold(session: Session, package: ProcessPackage, organization: int) -> int:
    """Let a package hold in an organisation; return its version's number."""
    with writing(session):
        version = versions.new_version(session, versions.definition_of(session, package.key), package)
        version.organization_id, version.published_at = organization, clock.now()
        session.flush()
        return version.number


def test_what_a_process_below_calls_is_not_retired(served: Served):
    session, places = served.school.session, served.school.organizations
    hold(session, called_process.scoring(), places["district"])
    number = hold(session, called_process.review(), places["district"])
    caller = hold(session, called_process.outer(), places["school"])
    path = f"/definitions/review/versions/{number}/retire"
    answer = served.as_("district_admin").post(path)
    assert answer.status_code == 409, answer.json
    assert "还在调用这个流程" in answer.get_json()["detail"]
    assert served.as_("admin").post(f"/definitions/outer/versions/{caller}/retire").status_code == 200
    assert served.as_("district_admin").post(path).status_code == 200


def test_what_a_process_below_takes_home_is_still_there(served: Served):
    session, places = served.school.session, served.school.organizations
    parameters = '<shenpi:out name="answer" value="finance_confirm.verdict"/>'
    body = "".join((
        called_process.START,
        called_process.call("ask", "编预算", KEY, parameters),
        called_process.DONE,
        called_process.flows("begin", "ask", "done"),
    ))  # fmt: skip
    hold(session, called_process.package("caller", "要编预算的事", body), places["school"])
    files = {name: text.replace("finance_confirm", "finance_check") for name, text in BUILT_IN.files.items()}
    kept = hand_over(
        served.as_("district_admin"),
        places["district"],
        f"{KEY}.zip",
        write_archive(laid_out(package_from_files(files))),
    )
    assert kept.status_code == 201, kept.json
    path = f"/definitions/{KEY}/versions/{kept.json['version']}"
    assert served.as_("district_admin").post(f"{path}/submit").status_code == 200
    refused = served.as_("city_admin").post(f"{path}/approve")
    assert refused.status_code == 422, refused.json
    [problem] = refused.get_json()["problems"]
    assert (problem["file"][:6], problem["element"]) == ("松风路小学（", "ask")
    assert "finance_confirm" in problem["text"]


def test_a_submitted_version_is_returned_with_a_reason_and_handed_in_again(served: Served):
    admin, legal = served.as_("admin"), served.as_("legal")
    path = drafted(served)
    assert legal.post(f"{path}/return", {"reason": "x"}).status_code == 409
    admin.post(f"{path}/submit")
    assert served.as_("teacher").post(f"{path}/return", {"reason": "x"}).status_code == 403
    assert served.as_("other_admin").post(f"{path}/return", {"reason": "x"}).status_code == 404
    missing = legal.post(f"{path}/return", {"reason": " "})
    assert (missing.status_code, list(missing.get_json()["errors"])) == (422, ["reason"])
    returned = legal.post(f"{path}/return", {"reason": "请先写上情景。"}).get_json()
    assert (returned["status"], returned["return_reason"]) == ("draft", "请先写上情景。")
    assert legal.post(f"{path}/approve").status_code == 409
    ticks.empty_outbox(served.school.session)
    [told] = [one["text"] for one in admin.get("/notifications").get_json()["items"]]
    assert "请先写上情景" in told
    assert admin.post(f"{path}/submit").get_json()["return_reason"] is None
    assert legal.post(f"{path}/approve").get_json()["status"] == "published"
    assert journalled(served)[2] == "return_process"


def test_a_request_without_its_file_says_so(served: Served):
    admin, school = served.as_("admin"), str(served.school.organizations["school"])
    for form in ({"organization": school}, {"organization": school, "file": "x"}):
        answer = admin.client.post(
            f"{API}/definitions", data=form, headers=admin.headers, content_type="multipart/form-data"
        )
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["file"])


def keys(served: Served, username: str) -> set[str]:
    return {one["key"] for one in served.as_(username).get("/processes").get_json()["items"]}


def test_what_is_called_is_checked_again_at_approval(served: Served):
    path = drafted(served)
    served.as_("admin").post(f"{path}/submit")
    session = served.school.session
    with writing(session):
        version = session.scalars(select(ProcessVersion).where(ProcessVersion.number == 2)).one()
        version.files = {**version.files, f"{KEY}.bpmn": version.files[f"{KEY}.bpmn"].replace("finance_officer", "no")}
    answer = served.as_("legal").post(f"{path}/approve")
    assert (answer.status_code, answer.get_json()["problems"][0]["element"]) == (422, "finance_confirm")
    assert version_at(served, "host") == 1


def test_no_rule_that_a_school_or_a_process_chooses_lets_one_person_publish(served: Served):
    school, admin = served.school.organizations["school"], served.as_("admin")
    actor, today = served.school.actor("admin"), clock.today()
    rules.adopt_pack(served.school.session, actor, school, "school_studio", "s0", today)
    off = {
        "organization": school,
        "programme": "school_studio",
        "value": False,
        "from": today.isoformat(),
        "reason": "x",
    }
    assert admin.put(f"/rules/{TWO_PERSONS}", off).status_code == 422  # locked
    path, session = drafted(served), served.school.session
    with writing(session):
        version = session.scalars(select(ProcessVersion).where(ProcessVersion.number == 2)).one()
        manifest = 'programme = "school_studio"\n' + version.files["process.toml"]
        version.files = {**version.files, "process.toml": manifest}
    admin.post(f"{path}/submit")
    assert admin.post(f"{path}/approve").status_code == 403


def test_who_drafted_may_not_approve_what_another_submitted(served: Served):
    session, school = served.school.session, served.school.organizations["school"]
    with writing(session):
        since, person = clock.today() - timedelta(days=3), served.school.people["teacher"]
        session.add(Position(person_id=person, organization_id=school, role=Role.PROCESS_ADMIN, from_on=since))
    path = drafted(served)
    assert served.as_("teacher").post(f"{path}/submit").status_code == 200
    assert served.as_("admin").post(f"{path}/approve").status_code == 403
    assert served.as_("legal").post(f"{path}/approve").status_code == 200


def test_an_older_version_is_not_published_over_a_newer_one(served: Served):
    older = drafted(served)
    newer = drafted(served, diagram=CHANGED.replace("财务核对并确认预算", "财务确认预算"))
    for path in (older, newer):
        served.as_("admin").post(f"{path}/submit")
    assert served.as_("legal").post(f"{newer}/approve").status_code == 200
    assert served.as_("legal").post(f"{older}/approve").status_code == 409


def test_who_may_hand_over_what(served: Served):
    places = served.school.organizations
    for username, place, status in WHO:
        answer = hand_over(served.as_(username), places[place], "x.bpmn", CHANGED.encode())
        assert answer.status_code == status, username


def test_the_list_shows_the_versions_of_the_school(served: Served):
    drafted(served)
    school = served.school.organizations["school"]
    found = served.as_("legal").get("/definitions", organization=school).get_json()["items"]
    assert [(one["key"], one["version"], one["status"]) for one in found] == [(KEY, 2, "draft")]
    assert served.as_("host").get("/definitions", organization=school).status_code == 403
    assert served.as_("other_admin").get("/definitions", organization=school).status_code == 404


def test_versions_drafted_at_once_get_numbers_of_their_own(served: Served):
    school, callers = served.school.organizations["school"], [served.as_("admin").again() for _ in range(3)]
    drawings = [CHANGED.replace("财务核对并确认预算", f"第 {number} 种写法") for number in range(3)]
    files = [own_process("own_budget", diagram) for diagram in drawings]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda caller, file: hand_over(caller, school, "x.zip", file), callers, files))
    assert [answer.status_code for answer in answers] == [201] * 3, [answer.json for answer in answers]
    assert sorted(answer.get_json()["version"] for answer in answers) == [1, 2, 3]


def test_the_page_lists_what_the_person_answers_for(site: Site):
    world = site.world
    assert world is not None
    school = world.organizations["school"]
    kept = publications.draft(site.session, world.actor("admin"), school, f"{KEY}.bpmn", CHANGED.encode())
    for username in ("admin", "legal", "district_admin"):
        page = site.browser(username).get("/versions").text
        assert f"第 {kept.number} 版" in page
        assert "松风路小学" in page
    assert "还没有本单位自己的流程" in site.browser("other_admin").get("/versions").text
    assert site.browser("admin").get("/settings").text.count("/versions") == 1
