"""The pages: their blueprints, registered by the factory."""

from flask import Blueprint

from app.views.pages import (
    attachments,
    authorizations,
    budgets,
    case_acts,
    cases,
    imports,
    inbox,
    ledger,
    notifications,
    organizations,
    people,
    positions,
    profile,
    rule_packs,
    rules,
    setup,
    sign_in,
    start,
    studios,
    tasks,
)

PAGES: tuple[Blueprint, ...] = (
    attachments.blueprint,
    authorizations.blueprint,
    budgets.blueprint,
    case_acts.blueprint,
    cases.blueprint,
    imports.blueprint,
    inbox.blueprint,
    ledger.blueprint,
    notifications.blueprint,
    organizations.blueprint,
    people.blueprint,
    positions.blueprint,
    profile.blueprint,
    rule_packs.blueprint,
    rules.blueprint,
    setup.blueprint,
    sign_in.blueprint,
    start.blueprint,
    studios.blueprint,
    tasks.blueprint,
)
