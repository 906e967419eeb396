import re
from pathlib import Path

import pytest

from app.engine.checks import Registry, check_package, load_packages
from app.engine.handover.targets import check_path
from app.engine.package import ProcessPackage, load_package, package_from_files
from app.engine.problems import PackageError
from app.services.rulebook.rule_packs import parameter_types

ROOT = Path(__file__).parents[3]
PACKAGE = load_package("expense_approval", ROOT / "processes", ROOT / "forms")
DIAGRAM, MANIFEST = PACKAGE.diagram_file, "process.toml"
FORM = "forms/expense.json"


def changed(file: str, old: str, new: str) -> ProcessPackage:
    text = PACKAGE.files[file]
    assert re.search(old, text), f"the file has no {old}"
    return package_from_files({**PACKAGE.files, file: re.sub(old, new, text, count=1)})


def found(package: ProcessPackage) -> set[tuple[str, str]]:
    return {(problem.element, problem.rule) for problem in check_package(package)}


@pytest.mark.parametrize("key", ["annual_budget", "expense_approval", "expense_reversal", "semester_plan"])
def test_the_built_in_processes_may_be_published(key):
    assert check_path(ROOT / "processes" / key, ROOT / "forms") == []


@pytest.mark.parametrize(
    ("old", "new", "element", "rule"),
    [
        (r"\?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', "", "xml-doctype"),
        (r'(id="booked")', r'\1 colour="red"', "booked", "bpmn-schema"),
        (r'shenpi:form="booking"', 'shenpi:form="nothing"', "finance_book", "form"),
        (r' *shenpi:form="expense"\n', "", "submit_draft", "form"),
        (r'shenpi:role="finance_officer"', 'shenpi:role="cashier"', "finance_book", "role"),
        (r'shenpi:role="finance_officer"\n', "", "finance_book", "role"),
        (r'shenpi:of="own"', 'shenpi:of="mars"', "legal_sign", "role"),
        (r'(shenpi:role="studio_host"\s*)shenpi:of="studio"', r'\1shenpi:of="own"', "host_sign", "role"),
        (r'shenpi:operation="book_expense"', 'shenpi:operation="pay"', "book_expense", "operation"),
        (r'verdicts="sign return refuse"', 'verdicts="sign return nod"', "legal_sign", "verdicts"),
        (r'verdicts="accept return"', 'verdicts=""', "finance_book", "verdicts"),
        (r'verdicts="accept return"', 'verdicts="sign return"', "finance_book", "verdicts"),
        (r'shenpi:distinctFrom="host_sign"', 'shenpi:distinctFrom="booked"', "legal_sign", "link"),
        (r'shenpi:edits="submit_draft"', 'shenpi:edits="finance_book"', "revise_draft", "link"),
        (r'legal_sign\.verdict == "refuse"', "legal_sign.mood == 1", "legal_refused", "name"),
        (r'legal_sign\.verdict == "refuse"', "open(1)", "legal_refused", "expression"),
        (r'legal_sign\.verdict == "refuse"', 'legal_sign.verdict == "agree"', "legal_refused", "condition"),
        (r'legal_sign\.verdict == "refuse"', "legal_sign.verdict > 1", "legal_refused", "condition"),
        (r' default="host_returned"', "", "host_returned", "condition-missing"),
        (r"working_days\(rules\['expense.sign_working_days'\]\)", "three days", "host_sign", "expression"),
        (r'name="主持人签字"', 'name="Sign"', "host_sign", "label"),
        (r'id="host_returned" name="退回"', 'id="host_returned"', "host_returned", "label"),
        (r'shenpi:ask="[^"]*"', "", "host_sign", "label"),
        (r'targetRef="release_funds"', 'targetRef="revise_draft"', "release_funds", "unreachable"),
        (r'sourceRef="reserve_funds" targetRef="host_sign"', 'sourceRef="reserve_funds" targetRef="check_expense"',
         "reserve_funds", "loop"),
    ],
)  # fmt: skip
def test_a_diagram_that_cannot_be_right_is_refused_at_the_element(old, new, element, rule):
    assert (element, rule) in found(changed(DIAGRAM, old, new))


def test_an_id_may_stand_once():
    assert ("booked", "id") in found(changed(DIAGRAM, 'id="refused"', 'id="booked"'))


@pytest.mark.parametrize("drawn", ["host_sign", "host_returned", "lane_initiator"])
def test_everything_is_drawn(drawn):
    package = changed(DIAGRAM, rf'bpmnElement="{drawn}"', 'bpmnElement="nothing"')
    assert found(package) == {(drawn, "not-drawn"), ("nothing", "drawn-unknown")}


def test_everything_is_drawn_once():
    package = changed(DIAGRAM, 'bpmnElement="host_sign"', 'bpmnElement="legal_sign"')
    assert found(package) == {("host_sign", "not-drawn"), ("legal_sign", "drawn-twice")}


@pytest.mark.parametrize(
    ("old", "new", "element", "rule"),
    [
        (r'code = "BX"', 'code = "bx1"', "code", "manifest"),
        (r'title = "[^"]*"', 'title = "Expense"', "title", "manifest"),
        (r"submit_draft\.purpose:short", "submit_draft.mood", "title_template", "manifest"),
        (r"submit_draft\.purpose:short", "submit_draft.purpose:yuan", "title_template", "manifest"),
        (r'amount = "[^"]*"', 'amount = "booked.amount"', "amount", "manifest"),
        (r"release_funds", "burn_funds", "on_abandon", "manifest"),
        (r'rules = \["expense", ', "rules = [", "rules", "manifest"),
        (r'at = "booked"', 'at = "nowhere"', "nowhere", "notice"),
        (r'text = "refused"', 'text = "nothing"', "refused", "notice"),
        (r'"signers"\]', '"everybody"]', "booked", "notice"),
    ],
)
def test_the_manifest_names_what_exists(old, new, element, rule):
    assert (element, rule) in found(changed(MANIFEST, old, new))


def test_notices_fill_in_what_exists():
    assert ("booked", "notice") in found(changed("notices/booked.txt", r"\{case\.title\}", "{case.secret}"))


def test_a_form_is_checked_with_its_package():
    assert ("purpose", "form-unknown-key") in found(changed(FORM, r'("key": "purpose",)', r'\1 "onclick": "x",'))


def test_an_unreadable_form_hides_no_names():
    assert found(changed(FORM, r'"schemaVersion": 19', '"schemaVersion": 18')) == {("", "form-schema-version")}


def test_rules_are_known_where_the_caller_knows_them():
    problems = check_package(
        PACKAGE,
        registry=Registry(parameters={"expense.sign_working_days": parameter_types()["expense.sign_working_days"]}),
    )
    assert ("finance_book", "rule") in {(problem.element, problem.rule) for problem in problems}
    assert {problem.rule for problem in problems} == {"rule"}


def test_every_problem_is_a_chinese_sentence():
    broken = changed(DIAGRAM, r'shenpi:role="[a-z_]*"', "")
    for problem in check_package(broken):
        assert re.search(r"[\u4e00-\u9fff].*[。：:]?", problem.text)
        assert "%(" not in problem.text


def test_a_gateway_that_can_match_nothing_is_refused():
    package = changed(DIAGRAM, r' default="legal_returned"', "")
    condition = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">false</bpmn:conditionExpression>'
    old = r'(<bpmn:sequenceFlow id="legal_returned"[^>]*?) />'
    text = re.sub(old, rf"\1>{condition}</bpmn:sequenceFlow>", package.diagram)
    assert found(package_from_files({**package.files, DIAGRAM: text})) == {
        ("is_legal_signed", "no-match"),
        ("legal_returned", "condition"),
    }


def test_two_verdicts_that_are_both_drawn_need_no_default():
    both = changed(DIAGRAM, r' default="finance_returned"', "")
    text = re.sub(
        r'(<bpmn:sequenceFlow id="finance_returned"[^>]*?) />',
        r'\1><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">finance_book.verdict == "return"'
        r"</bpmn:conditionExpression></bpmn:sequenceFlow>",
        both.diagram,
    )
    assert check_package(package_from_files({**both.files, DIAGRAM: text})) == []


def test_a_diagram_alone_is_checked_with_the_forms_of_its_process(tmp_path):
    path = tmp_path / "drawn.bpmn"
    path.write_text(PACKAGE.diagram, "utf-8")
    assert check_path(path, ROOT / "forms") == []
    assert {problem.rule for problem in check_path(path, tmp_path)} == {"form"}
    assert [problem.rule for problem in check_path(tmp_path / "none.bpmn", tmp_path)] == ["file"]
    path.write_text(PACKAGE.diagram.replace('process id="expense_approval"', 'process id="../x"'), "utf-8")
    assert [problem.rule for problem in check_path(path, ROOT / "forms")] == ["process"]


def test_a_folder_is_checked_with_the_diagrams_in_it_and_is_not_empty(tmp_path):
    assert [problem.rule for problem in check_path(tmp_path, ROOT / "forms")] == ["file"]
    (tmp_path / "good.bpmn").write_text(PACKAGE.diagram, "utf-8")
    (tmp_path / "bad.bpmn").write_text(PACKAGE.diagram.replace('"book_expense"', '"os.system"'), "utf-8")
    assert {problem.file for problem in check_path(tmp_path, ROOT / "forms")} == {"bad.bpmn"}


def test_a_package_without_a_manifest_is_no_package():
    with pytest.raises(PackageError):
        package_from_files({DIAGRAM: PACKAGE.diagram})


def laid_out(folder: Path, **changes: str) -> Path:
    """Write the package as a checkout lays it out, under a key of its own; return its folder."""
    for name, text in {**PACKAGE.files, **changes}.items():
        place = "forms/own_expense" if name.startswith("forms/") else "processes/own_expense"
        path = folder / place / name.removeprefix("forms/").replace("expense_approval.bpmn", "own_expense.bpmn")
        path.parent.mkdir(parents=True, exist_ok=True)
        named = r'(process id=|processRef=|bpmnElement=|key = )"expense_approval"'
        path.write_text(re.sub(named, r'\1"own_expense"', text), "utf-8")
    return folder / "processes" / "own_expense"


def rules_at(path: Path) -> set[tuple[str, str]]:
    built_in = load_packages(ROOT / "processes", ROOT / "forms")
    return {(one.file, one.rule) for one in check_path(path, ROOT / "forms", built_in=built_in)}


def test_a_folder_elsewhere_has_its_own_forms_and_no_code_of_another(tmp_path):
    folder = laid_out(tmp_path)
    assert rules_at(folder) == {(MANIFEST, "replacement")}
    manifest = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(manifest.replace('"BX"', '"BXZ"'), "utf-8")
    assert rules_at(folder) == set()
    form = tmp_path / "forms" / "own_expense" / "expense.json"
    form.write_text(form.read_text("utf-8").replace('"schemaVersion": 19', '"schemaVersion": 18'), "utf-8")
    assert rules_at(folder) == {(FORM, "form-schema-version")}
    assert (
        rules_at(form.parent)
        == rules_at(form)
        == rules_at(tmp_path / "forms")
        == {("expense.json", "form-schema-version")}
    )
    form.unlink()
    assert rules_at(folder) == {(PACKAGE.diagram_file.replace("expense_approval", "own_expense"), "form")}


@pytest.mark.parametrize(
    ("old", "new"), [("outcome: booked", "outcome: lost"), ("scenarios:", "scenarios: ["), ("by:", "of:")]
)
def test_the_scenarios_of_a_folder_are_read_and_played(tmp_path, old, new):
    folder = laid_out(tmp_path, **{MANIFEST: PACKAGE.files[MANIFEST].replace('"BX"', '"BXZ"')})
    stories = (folder / "scenarios.yaml").read_text("utf-8")
    assert old in stories
    (folder / "scenarios.yaml").write_text(stories.replace(old, new), "utf-8")
    assert rules_at(folder) == {("scenarios.yaml", "scenario")}
