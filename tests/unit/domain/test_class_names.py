"""Names of classes: which grade they tell, and what becomes of them when a school year begins."""

import pytest

from app.domain.class_names import normalized, place_of, read_grade
from app.domain.vocabulary import Stage

# Name and stage in the school year 2025: the grade, the name a year later, whether the class is new or leaves.
READ = {
    ("三（2）班", Stage.PRIMARY): (3, "四（2）班", False, False),
    ("一年级12班", Stage.PRIMARY): (1, "二年级12班", True, False),
    ("六（1）班", Stage.PRIMARY): (6, "七（1）班", False, True),
    ("六（1）班", Stage.NINE_YEAR): (6, "七（1）班", False, False),
    ("九年（3）班", Stage.NINE_YEAR): (9, "10年（3）班", False, True),
    ("302班", Stage.PRIMARY): (3, "402班", False, False),
    ("8（5）班", Stage.MIDDLE): (8, "9（5）班", False, False),
    ("七年级5班", Stage.MIDDLE): (7, "八年级5班", True, False),
    ("一（2）班", Stage.MIDDLE): (7, "二（2）班", True, False),
    ("初二（3）班", Stage.MIDDLE): (8, "初三（3）班", False, False),
    ("初三3班", Stage.MIDDLE): (9, "初四3班", False, True),
    ("高一（10）班", Stage.HIGH): (10, "高二（10）班", True, False),
    ("高3（1）班", Stage.HIGH): (12, "高4（1）班", False, True),
    ("2025级3班", Stage.HIGH): (10, "2025级3班", True, False),
    ("2023级3班", Stage.HIGH): (12, "2023级3班", False, True),
}


@pytest.mark.parametrize(("name", "stage"), READ)
def test_a_name_tells_its_grade_and_what_it_becomes(name: str, stage: Stage) -> None:
    grade = read_grade(name, stage, 2025)
    assert grade is not None
    assert (grade.number, grade.next_name, grade.is_first, grade.is_last) == READ[name, stage]


@pytest.mark.parametrize("name", ["", "向日葵班", "创新班", "2班", "十班", "三", "23级1班", "12（3）班"])
def test_other_names_tell_no_grade(name: str) -> None:
    assert read_grade(name, Stage.NINE_YEAR, 2025) is None


@pytest.mark.parametrize(("name", "successor"), [("一（2）班", "一（2）班"), ("2025级2班", "2026级2班")])
def test_a_class_of_the_first_grade_has_a_successor(name: str, successor: str) -> None:
    grade = read_grade(name, Stage.PRIMARY, 2025)
    assert grade is not None
    assert grade.successor == successor


def test_classes_stand_by_grade_and_number() -> None:
    names = ["向日葵班", "一（10）班", "六（1）班", "一（2）班", "2023级1班", "三（4）班"]
    found = sorted(names, key=lambda name: place_of(name, Stage.PRIMARY, 2025))
    assert found == ["一（2）班", "一（10）班", "2023级1班", "三（4）班", "六（1）班", "向日葵班"]


def test_names_are_kept_as_chinese_sets_them() -> None:
    assert normalized(" 三 (2) 班\u200b") == "三（2）班"
