"""What the registers answer: an appointment, an evaluation, a studio, each as one object."""

from datetime import date

from pydantic import Field

from app.db.people import Person
from app.db.registers import StudioGrade
from app.domain.vocabulary import Role
from app.services.registers.appointments import Appointment
from app.services.studios.studio_register import StudioRow
from app.views.api.fields import Answer, Reference
from app.views.api.items import reference
from app.views.words import role_title


class AppointmentRow(Answer):
    id: int
    person: Reference
    organization: Reference
    role: str
    title: str
    studio: Reference | None
    from_on: date = Field(serialization_alias="from")
    until_on: date | None = Field(serialization_alias="until")


class EvaluationRow(Answer):
    id: int
    studio: Reference
    organization: Reference
    period: str
    grade: str
    graded_on: date
    issuer: str
    instance: int | None


class RegisteredStudio(Answer):
    id: int
    name: str
    organization: Reference
    level: str
    programme: str
    host: Reference | None = Field(description="已结束的，是最后一位")
    members: list[Reference]
    mentors: list[Reference]
    from_on: date = Field(serialization_alias="from")
    until_on: date = Field(serialization_alias="until")
    ended_on: date | None


def appointment_row(found: Appointment) -> AppointmentRow:
    """Return a post with its person, organisation and studio."""
    position, studio = found
    return AppointmentRow(
        id=position.id,
        person=named(position.person),
        organization=reference(position.organization),
        role=position.role,
        title=role_title(position.role),
        studio=Reference(id=position.studio_id, name=studio or "") if position.studio_id else None,
        from_on=position.from_on,
        until_on=position.until_on,
    )


def evaluation_row(grade: StudioGrade) -> EvaluationRow:
    """Return a grade with its studio."""
    return EvaluationRow(
        id=grade.id,
        studio=Reference(id=grade.studio_id, name=grade.studio.name),
        organization=reference(grade.studio.organization),
        period=grade.period,
        grade=grade.grade,
        graded_on=grade.graded_on,
        issuer=grade.issuer,
        instance=grade.instance_id,
    )


def studio_row(row: StudioRow) -> RegisteredStudio:
    """Return a studio with its people."""
    studio = row.studio
    hosts = row.people(Role.STUDIO_HOST)
    return RegisteredStudio(
        id=studio.id,
        name=studio.name,
        organization=reference(studio.organization),
        level=studio.level,
        programme=studio.programme,
        host=named(hosts[0]) if hosts else None,
        members=[named(person) for person in row.people(Role.STUDIO_MEMBER)],
        mentors=[named(person) for person in row.people(Role.STUDIO_MENTOR)],
        from_on=studio.from_on,
        until_on=studio.until_on,
        ended_on=studio.ended_on,
    )


def named(person: Person) -> Reference:
    """Return a person by number and name."""
    return Reference(id=person.id, name=person.name)
