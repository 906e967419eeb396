"""Names of classes as schools write them: which grade they tell, and what they are called a year later."""

import re
from dataclasses import dataclass

from app.domain.text import visible
from app.domain.vocabulary import Stage

_DIGITS = "一二三四五六七八九"
# Grades are counted through from the first year of primary school.
FIRST_GRADES = {Stage.PRIMARY: 1, Stage.MIDDLE: 7, Stage.HIGH: 10, Stage.NINE_YEAR: 1}
LAST_GRADES = {Stage.PRIMARY: 6, Stage.MIDDLE: 9, Stage.HIGH: 12, Stage.NINE_YEAR: 9}
# 初二（3）班, 高一5班: the year within the stage.
_STAGED = re.compile(r"(?P<before>[初高])(?P<number>[一二三1-3])(?P<rest>.*)")
_GRADES_BEFORE = {"初": 6, "高": 9, "": 0}
# 2024级3班: named after the year of entry, the same name all the way through.
_COHORT = re.compile(r"(?P<year>20\d\d)(?P<rest>级.*)")
# 三（2）班, 三年级2班, 3年级2班, 302班.
_GRADED = re.compile(r"(?P<number>[一二三四五六七八九]|[1-9](?=年|[（(]|\d\d班))(?P<rest>(?:年|[（(]|\d).*)")
_NUMBER = re.compile(r"\d+")
_PARENTHESES = str.maketrans("()", "（）")


@dataclass(frozen=True)
class Grade:
    """Which grade a class is in; its own name a year later, and the name of the class that then takes its place."""

    number: int
    stage: Stage
    next_name: str
    successor: str

    @property
    def is_first(self) -> bool:
        """Tell whether the class came to the school this year."""
        return self.number <= FIRST_GRADES[self.stage]

    @property
    def is_last(self) -> bool:
        """Tell whether the class leaves the school at the end of the year."""
        return self.number >= LAST_GRADES[self.stage]


def read_grade(name: str, stage: Stage, school_year: int) -> Grade | None:
    """Read which grade a class is in during a school year; None where its name does not tell."""
    if match := _STAGED.fullmatch(name):
        return _staged(match, stage)
    if match := _COHORT.fullmatch(name):
        entered = int(match["year"])
        return Grade(FIRST_GRADES[stage] + school_year - entered, stage, name, f"{entered + 1}{match['rest']}")
    if match := _GRADED.fullmatch(name):
        return _graded(match, stage)
    return None


def place_of(name: str, stage: Stage, school_year: int) -> tuple[int, int, str]:
    """Return by what classes are put in order: by grade, then by number; what tells no grade stands last."""
    grade = read_grade(name, stage, school_year)
    number = grade.number if grade else max(LAST_GRADES.values()) + 1
    return number, int((_NUMBER.findall(name) or [0])[-1]), name


def _staged(match: re.Match[str], stage: Stage) -> Grade:
    before, written, rest = match["before"], match["number"], match["rest"]
    number = _GRADES_BEFORE[before] + _value(written)
    return Grade(number, stage, f"{before}{_after(written)}{rest}", match.string)


def _graded(match: re.Match[str], stage: Stage) -> Grade:
    written, first = match["number"], FIRST_GRADES[stage]
    # 一（2）班 of a middle school is in its first year there.
    number = _value(written) if _value(written) >= first else first - 1 + _value(written)
    return Grade(number, stage, f"{_after(written)}{match['rest']}", match.string)


def _value(written: str) -> int:
    return _DIGITS.index(written) + 1 if written in _DIGITS else int(written)


def _after(written: str) -> str:
    """Write the next number in the same manner."""
    number = _value(written) + 1
    return _DIGITS[number - 1] if written in _DIGITS and number <= len(_DIGITS) else str(number)


def normalized(name: str) -> str:
    """Return a class's name as it is kept: without spaces, with parentheses as Chinese sets them."""
    return "".join(visible(name).split()).translate(_PARENTHESES)
