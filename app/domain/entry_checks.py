"""Whether the particulars of an entry in a teacher's file are right: forms, operations and imports all ask here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.dossiers import ENTRY_FORMS, LEVEL_TITLES, EntryForm, EntryKind, Level
from app.domain.text import N_, Sentence, sentence, visible

# As long as the columns that keep them.
LONGEST: Mapping[str, int] = {"title": 200, "issuer": 120, "class_name": 60, "number": 64}
DATES = ("from_on", "until_on")
MOST_HOURS = 1000
EARLIEST = date(1950, 1, 1)
# A list of homeroom teachers may be confirmed before the school year begins.
MAY_BEGIN_LATER = frozenset({EntryKind.SERVICE})


@dataclass(frozen=True)
class Particulars:
    """What an entry tells, as it is kept; the kind says which of them are used."""

    kind: EntryKind
    from_on: date
    title: str = ""
    category: str | None = None
    level: Level | None = None
    issuer: str = ""
    class_name: str = ""
    until_on: date | None = None
    hours: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Checked:
    """The particulars, or none where something is wrong: what, by column."""

    particulars: Particulars | None
    errors: Mapping[str, list[Sentence]]


def check_entry(kind: EntryKind, told: Mapping[str, object], today: date) -> Checked:
    """Read what is told of an entry by column: texts, codes or titles of closed lists, dates, whole numbers."""
    form = ENTRY_FORMS[kind]
    faults = {column: sentence(N_("这类登记没有这一项。")) for column in told if column not in form.labels}
    values: dict[str, Any] = {}
    for column, label in form.labels.items():
        read = _read(form, column, told.get(column))
        if isinstance(read, Sentence):
            faults[column] = read
        elif read is not None:
            values[column] = read
        elif column in form.required:
            faults[column] = sentence(N_("请填写%(label)s。"), label=label)
    faults = {**_faults_of_period(kind, form, values, today), **faults}
    errors = {column: [fault] for column, fault in faults.items()}
    return Checked(None if errors else Particulars(kind, **values), errors)


def _read(form: EntryForm, column: str, raw: object) -> object | None:
    """Return a value as it is kept, None where there is none, or the sentence that says what is wrong."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if column in DATES:
        return _day(raw)
    if column == "category":
        return _choice(form.labels[column], form.categories, raw)
    return _OTHERS[column](raw) if column in _OTHERS else _text(form.labels[column], LONGEST[column], raw)


def _text(label: str, longest: int, raw: object) -> str | Sentence:
    text = " ".join(visible(str(raw)).split())
    if len(text) > longest:
        return sentence(N_("%(label)s最多 %(most)d 个字，现在 %(now)d 个。"), label=label, most=longest, now=len(text))
    return text


def _day(raw: object) -> date | Sentence:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw).strip())
    except ValueError:
        return sentence(N_("请写成日期，例如 2024-09-01。"))


def _choice(label: str, titles: Mapping[str, str], raw: object) -> str | Sentence:
    """Return the code of a choice that is given by its code or its title."""
    text = str(raw).strip()
    codes = {**{title: code for code, title in titles.items()}, **{code: code for code in titles}}
    if text not in codes:
        return sentence(N_("%(label)s只能填：%(choices)s。"), label=label, choices="、".join(titles.values()))
    return codes[text]


def _level(raw: object) -> Level | Sentence:
    read = _choice(N_("级别"), {level.value: title for level, title in LEVEL_TITLES.items()}, raw)
    return read if isinstance(read, Sentence) else Level(read)


def _hours(raw: object) -> int | Sentence:
    text = str(raw).strip()
    if isinstance(raw, bool) or not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_HOURS:
        return sentence(N_("学时写 1 到 %(most)d 的整数。"), most=MOST_HOURS)
    return int(text)


_OTHERS: Mapping[str, Callable[[object], object]] = {"level": _level, "hours": _hours}


def _faults_of_period(kind: EntryKind, form: EntryForm, values: Mapping[str, Any], today: date) -> dict[str, Sentence]:
    begun, ended = values.get("from_on"), values.get("until_on")
    faults = {}
    if begun is not None and begun < EARLIEST:
        faults["from_on"] = sentence(N_("%(label)s不能早于 1950 年。"), label=form.labels["from_on"])
    elif begun is not None and begun > today and kind not in MAY_BEGIN_LATER:
        faults["from_on"] = sentence(N_("%(label)s不能晚于今天。"), label=form.labels["from_on"])
    if begun is not None and ended is not None and ended < begun:
        labels = {"until": form.labels["until_on"], "begun": form.labels["from_on"]}
        faults["until_on"] = sentence(N_("%(until)s不能早于%(begun)s。"), **labels)
    return faults
