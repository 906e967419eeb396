"""Tables and named queries; importing the package registers every table."""

from app.db import collectives, journal, money, people, processes, rules, work

__all__ = ["collectives", "journal", "money", "people", "processes", "rules", "work"]
