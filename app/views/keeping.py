"""A scrutineer's passphrase: what was typed, or what the platform's own secret stands in for."""

from flask import current_app

from app.domain.ballots import Custody
from app.services.ballots import keepers
from app.services.ballots.standings import BallotView


def passphrase_for(view: BallotView, typed: str) -> str:
    """Return the passphrase with which a reader acts as scrutineer of a ballot."""
    if view.ballot.custody != Custody.PLATFORM:
        return typed
    secret_key = current_app.extensions["shenpi_settings"].secret_key
    return keepers.passphrase_of_platform(secret_key, view.ballot, view.actor_id)
