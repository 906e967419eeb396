"""What stands in lists is refused at publication where it names nothing, or what somebody may not see."""

import pytest

from app.engine.checks import check_package
from app.engine.package import ProcessPackage, package_from_files
from tests.restricted_process import restricted_package

OLD = 'title_template = "{ask.topic}"'


def told(lines: str, title: str = "{ask.topic}") -> list[tuple[str, str]]:
    files = dict(restricted_package().files)
    files["process.toml"] = files["process.toml"].replace(OLD, f'title_template = "{title}"\n{lines}')
    package: ProcessPackage = package_from_files(files)
    found = check_package(package)
    return [(one.element, one.sentence.chinese()) for one in found if one.rule == "manifest"]


def test_lines_that_everybody_may_read_are_accepted() -> None:
    assert told('summary = ["事由：{ask.topic}", "说明：{ask.words:short}", "结果：{review.verdict}"]') == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('summary = ["电话：{ask.phone}"]', "“ask.phone”在“核对申请”这一步看不见"),
        ('summary = ["事由：{ask.nothing}"]', "summary 里的“ask.nothing”不存在"),
        ('summary = ["事由：{ask.topic:yuan}"]', "不是这种格式"),
        ('summary = ["{ask.topic}"]', "请写成“名称：{环节编号.字段}”"),
        ('summary = ["事由：没有"]', "请写成“名称：{环节编号.字段}”"),
        ('summary = ["事由和各种各样的说明：{ask.topic}"]', "请改成不超过 8 个字"),
        (f"summary = {['事由：{ask.topic}'] * 5}", "summary 最多 4 行"),
    ],
)
def test_other_lines_are_refused_with_how_to_mend_them(lines: str, words: str) -> None:
    [(element, sentence)] = told(lines)
    assert element == "summary"
    assert words in sentence


def test_neither_title_nor_amount_tells_what_a_task_hides() -> None:
    assert [element for element, _words in told("", title="{ask.topic} {ask.phone}")] == ["title_template"]
    assert "amount" in {element for element, _words in told('amount = "ask.phone"')}


def test_the_page_of_notices_is_one_of_the_site_and_tells_nothing_hidden() -> None:
    assert told('page = "/rank-reviews/{ask.topic}"') == []
    for wrong in ("https://example.cn/{ask.topic}", "//example.cn", "/rank-reviews/{ask.nothing}"):
        [(element, words)] = told(f'page = "{wrong}"')
        assert (element, "打不开" in words) == ("page", True)
    assert [element for element, _words in told('page = "/rank-reviews/{ask.phone}"')] == ["page"]
