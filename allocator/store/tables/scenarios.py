"""Scenarios: a line of immutable versions, and the facilities that it speaks of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import ID_LENGTH, Base
from allocator.store.types import Packed


class ScenarioLine(Base):
    """One scenario through its versions; `head` is the number of the newest, from 1."""

    __tablename__ = "scenario"

    scenario_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str]
    head: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[str]


class ScenarioFacility(Base):
    """A facility of a scenario; who may not see all of them does not see the scenario."""

    __tablename__ = "scenario_facility"

    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenario.scenario_id"), primary_key=True)
    facility_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class ScenarioVersion(Base):
    """One version, never changed; `content_hash` is that of the scenario under its own choices.

    `why` is what made it: `uploaded`, `revised`, or the decision that an officer took. `document`
    is None once retention has deleted it.
    """

    __tablename__ = "scenario_version"

    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenario.scenario_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(index=True)
    document: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    people: Mapped[int]
    day: Mapped[date]
    why: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    pseudonymised_at: Mapped[datetime | None]
