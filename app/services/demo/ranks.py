"""The ranks that the reviews before the platform gave, by the ladder of the rule pack (S4 三(二))."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.dossiers import EntryKind, Level, ProfessionalTitle
from app.domain.entry_checks import Particulars
from app.services.demo.careers import Career
from app.services.demo.tellings import Told
from app.services.demo.world import World
from app.services.rulebook.rule_packs import find_pack

# The reviews of so many years before the story's first school year, and of its autumn.
REVIEWS = (-2, -1, 0)
PROMOTED = 0.8
YEAR_BEGINS, EFFECTIVE = (9, 1), (10, 20)
LEVELS, TITLES = list(Level), list(ProfessionalTitle)
Row = Mapping[str, Any]


def ranks(world: World, career: Career, told: Sequence[Told], *, is_direct: bool) -> Iterator[Told]:
    """Yield a person's ranks: a first placement, then a step at a time where the table allows it."""
    pack = find_pack("s4").parameters
    ladder: Sequence[Row] = pack["rank.ladder"].value
    column = "honour_direct" if is_direct else "honour"
    held: int | None = None
    for year in (world.first_year + review for review in REVIEWS):
        known = [one.particulars for one in told if one.known_on < date(year, *YEAR_BEGINS)]
        standing = _Standing(career.years_before(year), known, pack["rank.honour_kinds"].value)
        reached = [place for place, row in enumerate(ladder) if standing.fits(row, column, is_first=held is None)]
        if not career.serves(year) or not reached:
            continue
        if held is None or (held + 1 in reached and career.chance.random() < PROMOTED):
            held = reached[-1] if held is None else held + 1
            yield _rank(world, career, ladder[held], year)


def _rank(world: World, career: Career, row: Row, year: int) -> Told:
    given, number = date(year, *EFFECTIVE), f"ZJ-{year}-{career.chance.randint(1, 1999):04d}"
    issuer = world.titles["YL"]
    return Told(Particulars(EntryKind.RANK, given, category=row["rank"], issuer=issuer, number=number), given)


class _Standing:
    """What somebody brought to the review of a year: years, title and honours on its 31 August."""

    def __init__(self, years: int, known: Sequence[Particulars], kinds: Sequence[str]) -> None:
        honours = [one.level for one in known if one.kind == EntryKind.HONOUR and one.category in kinds and one.level]
        titles = [ProfessionalTitle(str(one.category)) for one in known if one.kind == EntryKind.TITLE]
        self._years = years
        self._honour = max(map(LEVELS.index, honours), default=-1)
        self._title = max(map(TITLES.index, titles), default=0)

    def fits(self, row: Row, column: str, *, is_first: bool) -> bool:
        """Tell whether the table's row allows the rank; a higher title or honour does as well."""
        title = row["title"] or ("senior" if is_first else "none")
        return (
            self._has_years(row)
            and self._title >= TITLES.index(ProfessionalTitle(title))
            and (row[column] is None or self._honour >= LEVELS.index(Level(row[column])))
        )

    def _has_years(self, row: Row) -> bool:
        # 3–6 begins after the third year: three years belong to the rank below.
        lowest = int(row["years_from"])
        return self._years > lowest or (self._years == lowest and row["holds"] is None)
