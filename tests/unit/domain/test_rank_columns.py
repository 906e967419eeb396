"""Which mappings of a bureau's own columns are right."""

import pytest

from app.domain.rank_columns import MOST, OwnColumn, as_columns, check_columns

NEEDED = [OwnColumn("教师姓名", "person"), OwnColumn("拟定档次", "category"), OwnColumn("认定时间", "from_on")]


def test_a_mapping_with_what_an_import_needs_is_right() -> None:
    columns = [OwnColumn("序", "row_number"), *NEEDED, OwnColumn("签收", ""), OwnColumn("说明", "")]
    assert check_columns(columns) == check_columns([]) == {}
    assert [(one.name, one.head) for one in as_columns(columns)][:2] == [("row_number", "序"), ("person", "教师姓名")]


@pytest.mark.parametrize(
    ("columns", "place", "words"),
    [
        (NEEDED[:2], "columns", "还缺"),
        ([*NEEDED, OwnColumn("", "issuer")], "columns.3", "请写列名"),
        ([*NEEDED, OwnColumn("长" * 31, "issuer")], "columns.3", "最多 %(most)d 个字"),
        ([*NEEDED, OwnColumn("密码", "password_hash")], "columns.3", "没有这一项内容"),
        ([*NEEDED, OwnColumn("教师姓名", "issuer")], "columns.3", "写了两次"),
        ([*NEEDED, OwnColumn("档次", "category")], "columns.3", "已经放在前面"),
        ([*NEEDED, OwnColumn("备案号", "issuer")], "columns.3", "平台自己的列名"),
        ([*NEEDED, *(OwnColumn(f"空{number}", "") for number in range(MOST))], "columns", "最多"),
    ],
)
def test_what_is_wrong_is_said_at_its_column(columns: list[OwnColumn], place: str, words: str) -> None:
    [fault] = check_columns(columns)[place]
    assert words in fault.message
