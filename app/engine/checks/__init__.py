"""Checks of a process package, as at publication: one module a family of rules."""

from app.engine.checks.facts import Registry
from app.engine.checks.package import check_package, load_packages, load_siblings
from app.engine.problems import Problem

__all__ = ["Problem", "Registry", "check_package", "load_packages", "load_siblings"]
