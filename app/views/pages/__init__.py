"""The pages: their blueprints, registered by the factory."""

from flask import Blueprint

from app.views.pages import (
    authorizations,
    imports,
    organizations,
    people,
    positions,
    profile,
    setup,
    sign_in,
    studios,
)

PAGES: tuple[Blueprint, ...] = (
    authorizations.blueprint,
    imports.blueprint,
    organizations.blueprint,
    people.blueprint,
    positions.blueprint,
    profile.blueprint,
    setup.blueprint,
    sign_in.blueprint,
    studios.blueprint,
)
