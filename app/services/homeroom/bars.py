"""Who may not be a homeroom teacher for some years after a sanction, by the rule that says so (S2 三(一)2)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.registers import IS_LIVE, DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind, Level
from app.domain.errors import Refused
from app.domain.fact_reading import FactRules, Told, fact_rules, read_entries
from app.domain.homeroom_lists import ClassPosts
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Programme
from app.services.homeroom.teachers import names_of
from app.services.rulebook.rules import effective_rules

PARAMETER = "sanction.bar_years"


def refuse_barred(
    session: Session, organization_id: int, classes: Sequence[ClassPosts], people: Collection[int], from_on: date
) -> None:
    """Refuse a list on which one of the people leads a class who is barred when it begins, or today. Raises Refused."""
    on = max(from_on, clock.today())
    rules = effective_rules(session, organization_id, Programme.RANK, on)
    until = _barred_until(session, people, on, fact_rules({key: rule.value for key, rule in rules.items()}))
    if until:
        names = names_of(session, until)
        errors = {
            f"classes.{place}.homeroom_teacher": [_words(names[one.teacher_id], until[one.teacher_id])]
            for place, one in enumerate(classes)
            if one.teacher_id in until
        }
        raise Refused(errors, parameter=PARAMETER, clause=rules[PARAMETER].parameter.clause)


def _words(name: str, until: str) -> Sentence:
    return sentence(N_("%(name)s受过处分，到 %(until)s 为止不能任班主任，请换一位。"), name=name, until=until)


def _barred_until(session: Session, people: Collection[int], on: date, rules: FactRules) -> dict[int, str]:
    """Return until which day each of the barred is barred."""
    if rules.bar_years is None or not people:
        return {}
    found = defaultdict[int, list[Told]](list)
    for person_id, told in _sanctions(session, people, on):
        found[person_id].append(told)
    facts = {person_id: read_entries(entries, rules, on) for person_id, entries in found.items()}
    return {person_id: str(read["barred_until"].value) for person_id, read in facts.items() if read["is_barred"].value}


def _sanctions(session: Session, people: Collection[int], on: date) -> list[tuple[int, Told]]:
    entry = DossierEntry
    query = select(entry.person_id, entry.id, entry.from_on, entry.level).where(
        entry.person_id.in_(people),
        entry.kind == EntryKind.SANCTION,
        entry.from_on <= on,
        IS_LIVE,
    )
    return [
        (row.person_id, Told(row.id, EntryKind.SANCTION, row.from_on, level=Level(row.level)))
        for row in session.execute(query.order_by(entry.from_on))
    ]
