"""Checks of a process package, as at publication: one module a family of rules."""

from app.engine.checks.facts import Registry
from app.engine.checks.package import check_folder, check_package, load_siblings
from app.engine.checks.targets import check_path, package_of_diagram
from app.engine.problems import Problem

__all__ = ["Problem", "Registry", "check_folder", "check_package", "check_path", "load_siblings", "package_of_diagram"]
