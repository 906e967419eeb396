"""Scenarios: executable specifications of a process."""

from app.engine.scenarios.report import Report, Result, problems_of, run_scenarios

__all__ = ["Report", "Result", "problems_of", "run_scenarios"]
