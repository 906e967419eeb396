"""The REST API, version 1: its parts, registered by the factory."""

from flask_openapi3 import APIBlueprint

from app.views.api import (
    absences,
    attachments,
    collectives,
    definitions,
    dossier_registers,
    files,
    homeroom_lists,
    instances,
    journal,
    me,
    notifications,
    opinions,
    organizations,
    people,
    processes,
    registers,
    rules,
    task_acts,
    tasks,
    tokens,
)

APIS: tuple[APIBlueprint, ...] = (
    tokens.family,
    me.family,
    organizations.family,
    homeroom_lists.family,
    people.family,
    files.family,
    processes.family,
    instances.family,
    tasks.family,
    task_acts.family,
    absences.family,
    collectives.family,
    attachments.family,
    definitions.family,
    registers.family,
    dossier_registers.family,
    rules.family,
    notifications.family,
    opinions.family,
    journal.family,
)
