"""The tables of conditions that a person's file is explained by, read from their DMN files."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from app.config import DATA
from app.domain.errors import Conflict
from app.domain.text import N_
from app.domain.vocabulary import Programme
from app.engine.decisions import DecisionFile, read_decisions
from app.engine.decisions.conditions import has_conditions

FOLDER = DATA / "processes" / "conditions"
# The table of the ladder beside those of conditions: its rules are ranks, each looked at in every column.
ELIGIBILITY = "rank_eligibility"


class Table(StrEnum):
    """What a file may be explained by."""

    NEXT_RANK = "next_rank"
    HIGHER_RANK = "higher_rank"
    SCHOOL_HOST = "school_host"
    SCHOOL_MEMBER = "school_member"
    CITY_HOST = "city_host"
    CITY_MEMBER = "city_member"


@dataclass(frozen=True)
class Asked:
    """The decision that explains a table, and whose rules it goes by."""

    decision: str
    programme: Programme
    title: str


TABLES: Mapping[Table, Asked] = {
    Table.NEXT_RANK: Asked("rank_conditions", Programme.RANK, N_("晋升下一职级")),
    Table.HIGHER_RANK: Asked("rank_conditions", Programme.RANK, N_("再高一档")),
    Table.SCHOOL_HOST: Asked("host", Programme.SCHOOL_STUDIO, N_("申报校级工作室主持人")),
    Table.SCHOOL_MEMBER: Asked("member", Programme.SCHOOL_STUDIO, N_("申报校级工作室成员")),
    Table.CITY_HOST: Asked("host", Programme.CITY_STUDIO, N_("申报市级工作室主持人")),
    Table.CITY_MEMBER: Asked("member", Programme.CITY_STUDIO, N_("申报市级工作室成员")),
}


class BadTable(Conflict):
    """A decision among the files of conditions is no table of conditions."""

    message = N_("条件表“%(name)s”要用 RULE ORDER，每条规则只看一列。")


@cache
def load_tables(folder: Path = FOLDER) -> Mapping[str, DecisionFile]:
    """Return the file of each decision of a folder by the decision's id. Raises BadTable and PackageError."""
    files = [read_decisions(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.dmn"))]
    for file in files:
        for decision in file.decisions.values():
            if decision.id != ELIGIBILITY and not has_conditions(decision):
                raise BadTable(name=decision.name)
    return {decision: file for file in files for decision in file.decisions}
