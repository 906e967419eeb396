"""Tables and named queries; importing the package registers every table."""

from app.db import (
    absences,
    ballots,
    collectives,
    desk,
    documents,
    journal,
    messages,
    money,
    people,
    processes,
    registers,
    rules,
    schedules,
    sendings,
    sheet_imports,
    work,
)

__all__ = [
    "absences",
    "ballots",
    "collectives",
    "desk",
    "documents",
    "journal",
    "messages",
    "money",
    "people",
    "processes",
    "registers",
    "rules",
    "schedules",
    "sendings",
    "sheet_imports",
    "work",
]
