"""Which mappings of a bureau's own columns are right."""

import pytest

from app.domain.rank_columns import MOST, PLATFORM, OwnColumn, as_columns, check_columns, check_words

NEEDED = [OwnColumn("教师姓名", "person"), OwnColumn("拟定档次", "category"), OwnColumn("认定时间", "from_on")]


def test_a_mapping_with_what_an_import_needs_is_right() -> None:
    columns = [OwnColumn("序", "row_number"), *NEEDED, OwnColumn("签收", ""), OwnColumn("说明", "")]
    assert check_columns(columns) == check_columns([]) == {}
    assert [(one.name, one.head) for one in as_columns(columns, {})][:2] == [
        ("row_number", "序"),
        ("person", "教师姓名"),
    ]


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


def test_ranks_in_own_words_stand_in_the_list_that_is_filled_in() -> None:
    words = {"junior_1": "初级1档"}
    assert check_words(words) == check_words({}) == {}
    [category] = [one for one in as_columns(PLATFORM, words) if one.name == "category"]
    assert "初级1档" in category.choices
    assert "初级一档" not in category.choices
    assert "初级二档" in category.choices


@pytest.mark.parametrize(
    ("words", "rank", "said"),
    [
        ({"junior_9": "九档"}, "junior_9", "没有这一档"),
        ({"junior_1": "长" * 21}, "junior_1", "最多"),
        ({"junior_1": "初级二档"}, "junior_1", "另一档"),
        ({"junior_1": "一档", "junior_2": "一档"}, "junior_2", "另一档"),
    ],
)
def test_words_that_are_wrong_are_said_at_their_rank(words: dict[str, str], rank: str, said: str) -> None:
    assert said in check_words(words)[f"words.{rank}"][0].message
