"""The REST API, version 1: its parts, registered by the factory."""

from flask_openapi3 import APIBlueprint

APIS: tuple[APIBlueprint, ...] = ()
