"""Organisations, people, their dated positions, and the ways they prove who they are."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, Code, CreatedAt, Hash, Key, Name, OrganizationKey, PersonKey
from app.domain.vocabulary import Affiliation, OrganizationKind, Role, Stage


class Organization(Base):
    """A city bureau, a district bureau or a school; `path` lists the ids from the root, as in `/1/4/17/`."""

    __tablename__ = "organization"
    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[OrganizationKind] = mapped_column(String(16))
    affiliation: Mapped[Affiliation | None] = mapped_column(String(16))
    stage: Mapped[Stage | None] = mapped_column(String(16))
    location_district: Mapped[str | None] = mapped_column(String(64))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[CreatedAt]
    parent: Mapped["Organization | None"] = relationship(remote_side="Organization.id")


class Person(Base):
    """A person who can sign in; `session_epoch` rises to end all sessions and tokens."""

    __tablename__ = "person"
    id: Mapped[Key]
    username: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    staff_number: Mapped[str | None] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_epoch: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_compact: Mapped[bool] = mapped_column(default=False)
    # Single keys move through lists and open pages.
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[CreatedAt]
    positions: Mapped[list["Position"]] = relationship(back_populates="person")


class Position(Base):
    """A role held by a person in one organisation from a date to a date; studio roles name the studio."""

    __tablename__ = "position"
    __table_args__ = (
        Index("ix_position_holder", "organization_id", "role", "until_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
    )
    id: Mapped[Key]
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    organization_id: Mapped[OrganizationKey]
    role: Mapped[Role] = mapped_column(String(40))
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studio.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="positions")
    organization: Mapped[Organization] = relationship()


class SignInThrottle(Base):
    """Failed sign-ins of one username or one address within a window."""

    __tablename__ = "sign_in_throttle"
    subject: Mapped[str] = mapped_column(String(128), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_ends_at: Mapped[datetime]


class ApiToken(Base):
    """A bearer token, kept as a hash."""

    __tablename__ = "api_token"
    id: Mapped[Key]
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    token_hash: Mapped[Hash] = mapped_column(unique=True)
    session_epoch: Mapped[int]
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


class SigningAuthorization(Base):
    """A written authorisation for a deputy to sign in another's place, confirmed by a second person."""

    __tablename__ = "signing_authorization"
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    role: Mapped[Role] = mapped_column(String(40))
    principal_id: Mapped[PersonKey]
    deputy_id: Mapped[PersonKey] = mapped_column(index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"))
    entered_by_id: Mapped[PersonKey]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    organization: Mapped[Organization] = relationship()
    principal: Mapped[Person] = relationship(foreign_keys="SigningAuthorization.principal_id")
    deputy: Mapped[Person] = relationship(foreign_keys="SigningAuthorization.deputy_id")
    entered_by: Mapped[Person] = relationship(foreign_keys="SigningAuthorization.entered_by_id")
