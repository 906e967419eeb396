"""What seals objections in this process: the server's secret, and where files lie."""

from flask import current_app

from app.services.objections.raising import Vault
from app.services.objections.seals import Seal


def vault() -> Vault:
    """Return what seals objections, and where sealed files lie."""
    settings = current_app.extensions["shenpi_settings"]
    return Vault(Seal(settings.secret_key), settings.attachments_dir)
