"""Tables and named queries; importing the package registers every table."""

from app.db import journal, money, people, processes, rules, work

__all__ = ["journal", "money", "people", "processes", "rules", "work"]
