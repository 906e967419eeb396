"""A bureau's own columns for lists of ranks: what stands under which head, its own words for ranks, and which are right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.dossiers import RANK_TITLES
from app.domain.exports import columns_of
from app.domain.registers import REGISTERS
from app.domain.sheets import Column
from app.domain.text import N_, Sentence, sentence

STANDARD = columns_of(REGISTERS["ranks"])
# Beside the register's own: counted from 1, and left empty for a bureau to fill in.
ROW_NUMBER, EMPTY = "row_number", ""
SOURCES = {**{column.name: column.head for column in STANDARD}, ROW_NUMBER: N_("序号"), EMPTY: N_("留空")}
# Without these no import can read what was filled in.
REQUIRED = tuple(column.name for column in STANDARD if column.is_required)
LONGEST_HEAD, LONGEST_WORD, MOST = 30, 20, 16
RANK = "category"


@dataclass(frozen=True)
class OwnColumn:
    """A head as a bureau writes it, and what of the register stands below it."""

    head: str
    column: str


# What a list has that nobody mapped: the platform's columns, as they stand.
PLATFORM = tuple(OwnColumn(column.head, column.name) for column in STANDARD)


def check_words(words: Mapping[str, str]) -> dict[str, list[Sentence]]:
    """Return what is wrong with a bureau's words for ranks, by rank."""
    faults: dict[str, list[Sentence]] = {}
    for rank, word in words.items():
        if rank not in RANK_TITLES:
            faults[f"words.{rank}"] = [sentence(N_("没有这一档，请从列出的里面选。"))]
        elif not 0 < len(word) <= LONGEST_WORD:
            faults[f"words.{rank}"] = [sentence(N_("请写本单位的说法，最多 %(most)d 个字。"), most=LONGEST_WORD)]
        elif _is_taken(rank, word, words):
            faults[f"words.{rank}"] = [sentence(N_("“%(word)s”已经是另一档的说法，请换一个。"), word=word)]
    return faults


def _is_taken(rank: str, word: str, words: Mapping[str, str]) -> bool:
    others = {other: words.get(other, title) for other, title in RANK_TITLES.items() if other != rank}
    titles = {title for other, title in RANK_TITLES.items() if other != rank}
    return word in titles or word in others.values()


def check_columns(columns: Sequence[OwnColumn]) -> dict[str, list[Sentence]]:
    """Return what is wrong with a mapping, by the place of the column; an empty one is right."""
    faults: dict[str, list[Sentence]] = {}
    for place, one in enumerate(columns):
        fault = _fault(one, columns[:place])
        if fault is not None:
            faults[f"columns.{place}"] = [fault]
    missing = [SOURCES[name] for name in REQUIRED if name not in {one.column for one in columns}]
    if columns and missing:
        faults["columns"] = [sentence(N_("还缺这些内容，不然填好的表导不进来：%(heads)s。"), heads="、".join(missing))]
    if len(columns) > MOST:
        faults["columns"] = [sentence(N_("最多 %(most)d 列。"), most=MOST)]
    return faults


def _fault(one: OwnColumn, before: Sequence[OwnColumn]) -> Sentence | None:
    if not 0 < len(one.head) <= LONGEST_HEAD:
        return sentence(N_("请写列名，最多 %(most)d 个字。"), most=LONGEST_HEAD)
    if one.column not in SOURCES:
        return sentence(N_("没有这一项内容，请从列出的里面选。"))
    if one.head in {each.head for each in before}:
        return sentence(N_("“%(head)s”写了两次，请换一个列名。"), head=one.head)
    if one.column != EMPTY and one.column in {each.column for each in before}:
        return sentence(N_("“%(head)s”已经放在前面的一列里。"), head=SOURCES[one.column])
    taken = next((column for column in STANDARD if column.head == one.head and column.name != one.column), None)
    if taken is not None:
        return sentence(N_("“%(head)s”是平台自己的列名，下面只能放它原来的内容。"), head=one.head)
    return None


def as_columns(columns: Sequence[OwnColumn], words: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns of a list with a bureau's heads and words, as it is written, or handed out to be filled in."""
    return tuple(_as_column(one, words) for one in columns)


def titles_in(words: Mapping[str, str]) -> dict[str, str]:
    """Return what each rank is called in a bureau's words, by the platform's title."""
    return {title: words.get(rank, title) for rank, title in RANK_TITLES.items()}


def _as_column(one: OwnColumn, words: Mapping[str, str]) -> Column:
    known = next((column for column in STANDARD if column.name == one.column), None)
    if known is None:
        return Column(one.column, one.head)
    told = titles_in(words)
    return replace(known, head=one.head, example="", choices=tuple(told.get(word, word) for word in known.choices))
