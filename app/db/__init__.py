"""Tables and named queries; importing the package registers every table."""

from app.db import collectives, documents, journal, messages, money, people, processes, rules, schedules, sendings, work

__all__ = [
    "collectives",
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
