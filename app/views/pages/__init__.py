"""The pages: their blueprints, registered by the factory."""

from flask import Blueprint

from app.views.pages import profile, sign_in

PAGES: tuple[Blueprint, ...] = (sign_in.blueprint, profile.blueprint)
