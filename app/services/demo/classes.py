"""The classes of the invented city's schools, and who leads which in a school year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from app.domain.vocabulary import Stage
from app.services.demo import city

NINE = [f"{numeral}年级" for numeral in "一二三四五六七八九"]
GRADES = {
    Stage.PRIMARY: NINE[:6],
    Stage.MIDDLE: NINE[6:],
    Stage.NINE_YEAR: NINE,
    Stage.HIGH: ["高一", "高二", "高三"],
}


@dataclass(frozen=True)
class Seat:
    """A class of a school: its grade, counted from nought, and its number within the grade."""

    code: str
    grade: int
    number: int

    @property
    def name(self) -> str:
        """Return the class's name as the school writes it."""
        return f"{grades(self.code)[self.grade]}{self.number}班"

    def ago(self, years: int) -> "Seat":
        """Return what the same teacher led years before: each year a grade up, after the last the first again."""
        return replace(self, grade=(self.grade - years) % len(grades(self.code)))


class Roster:
    """Who leads which class in which school year: nobody leads what another leads."""

    def __init__(self) -> None:
        self._led: set[tuple[Seat, int]] = set()

    def is_free(self, seat: Seat, year: int) -> bool:
        """Tell whether nobody leads a class in the school year that begins in a year."""
        return (seat, year) not in self._led

    def lead(self, seat: Seat, year: int) -> None:
        """Let a class be led in a school year."""
        self._led.add((seat, year))


def grades(code: str) -> list[str]:
    """Return the names of a school's grades, the lowest first."""
    return GRADES[Stage(city.school(code).stage)]


def seats(code: str) -> Iterator[Seat]:
    """Yield the classes of a school, all grades' first classes first."""
    for number in count(1):
        for grade in range(len(grades(code))):
            yield Seat(code, grade, number)
