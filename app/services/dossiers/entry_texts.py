"""How an entry of a teacher's file reads: its name, its period, one line, and its particulars."""

from app.db.registers import DossierEntry
from app.domain import fact_reading
from app.domain.dossiers import ENTRY_FORMS, LEVEL_TITLES, EntryKind, Level
from app.domain.entry_checks import Particulars
from app.domain.text import N_, sentence
from app.services.texts import full_day

# What lasts; all else happens on a day.
LASTING = frozenset({EntryKind.SERVICE})


# In the register, as facts are read from it, or before it is recorded.
Told = DossierEntry | fact_reading.Told | Particulars


def name_of(entry: Told) -> str:
    """Return what an entry is called: its title, or what it says of the person."""
    kind, category = EntryKind(entry.kind), category_of(entry)
    if kind == EntryKind.SERVICE:
        return f"{entry.class_name} {category}"
    if kind == EntryKind.EMPLOYMENT:
        return sentence(N_("%(on)s参加工作"), on=full_day(entry.from_on)).chinese()
    if kind == EntryKind.TITLE:
        return f"{category}{N_('职称')}"
    return entry.title or category


def category_of(entry: Told) -> str:
    """Return the title of an entry's category, or nothing."""
    return ENTRY_FORMS[EntryKind(entry.kind)].categories.get(entry.category or "", "")


def period_of(entry: Told) -> str:
    """Return when it was, or from when to when: 2023年9月1日—今 of what lasts."""
    begun = full_day(entry.from_on)
    if entry.until_on is not None:
        return f"{begun}—{full_day(entry.until_on)}"
    return f"{begun}—{N_('今')}" if entry.kind in LASTING else begun


def line_of(entry: Told) -> str:
    """Return what stands under an entry's name: category, class, level, issuer, period, hours."""
    if entry.kind == EntryKind.EMPLOYMENT:
        until = full_day(entry.until_on) if entry.until_on else ""
        return sentence(N_("预计 %(on)s退休"), on=until).chinese() if until else ""
    # What has no title is named by them.
    told = (category_of(entry), entry.class_name) if entry.title else ()
    level = LEVEL_TITLES[Level(entry.level)] if entry.level else ""
    hours = sentence(N_("%(hours)d 学时"), hours=entry.hours).chinese() if entry.hours else ""
    return " · ".join(text for text in (*told, level, entry.issuer, period_of(entry), hours) if text)
