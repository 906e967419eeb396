"""Tables and named queries; importing the package registers every table."""

from app.db import (
    absences,
    collectives,
    documents,
    journal,
    messages,
    money,
    people,
    processes,
    rules,
    schedules,
    sendings,
    work,
)

__all__ = [
    "absences",
    "collectives",
    "desk",
    "documents",
    "journal",
    "messages",
    "money",
    "people",
    "processes",
    "rules",
    "schedules",
    "sendings",
    "work",
]
