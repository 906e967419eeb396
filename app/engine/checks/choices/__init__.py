"""What exclusive gateways do for every combination of the values that their conditions look at."""

from app.engine.checks.choices.tables import Row, Table, tables_of
from app.engine.checks.choices.variables import Variable

__all__ = ["Row", "Table", "Variable", "tables_of"]
