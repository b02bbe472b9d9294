"""Plans and what people did with them: items to sign, signatures, states, steps of execution."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import ID_LENGTH, Base
from allocator.store.types import Packed


class StoredPlan(Base):
    """A verified plan of one version of a scenario.

    `revision` counts every change of the row and is its ETag; `document`, `summary`, `reports`
    (HTML by audience, under the version `catalogue` of what is said to whom) and `sequence` (the
    order of moves, None before execution) are None once retention deleted them.
    """

    __tablename__ = "plan"

    plan_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.run_id"), unique=True)
    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenario.scenario_id"), index=True)
    version: Mapped[int]
    content_hash: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    summary: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    reports: Mapped[dict[str, str] | None] = mapped_column(Packed)
    catalogue: Mapped[int] = mapped_column(default=0, server_default="0")
    sequence: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    made_at: Mapped[datetime] = mapped_column(index=True)
    made_by: Mapped[str]
    pseudonymised_at: Mapped[datetime | None]


class PlanChange(Base):
    """One change of a plan's state: who, when, why; numbered from 1 within the plan."""

    __tablename__ = "plan_change"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    before: Mapped[str]
    after: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PlanItem(Base):
    """Something of a plan that needs signatures: one person's move, or one derogation.

    `item_id` is `move:<person>` or `derogation:<number>`; `detail` holds places, rule and the
    reasons why two people must sign.
    """

    __tablename__ = "plan_item"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    signatures_needed: Mapped[int]
    state: Mapped[str]
    detail: Mapped[dict[str, Any]]


class Signature(Base):
    """One officer's name under one item; the same officer signs an item once."""

    __tablename__ = "signature"
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "item_id"], ["plan_item.plan_id", "plan_item.item_id"]),
        UniqueConstraint("plan_id", "item_id", "by"),
    )

    signature_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    plan_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    item_id: Mapped[str]
    by: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class ExecutionStep(Base):
    """One step of the move order while a plan is carried out."""

    __tablename__ = "execution_step"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int]
    person_id: Mapped[str]
    origin: Mapped[str | None]
    target: Mapped[str | None]
    state: Mapped[str]
    by: Mapped[str | None]
    at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class FacilityExecution(Base):
    """A facility in which a plan is being carried out; the key keeps it to one plan at a time.

    `until` : when the time of the plan's present state is over, the same for its facilities.
    """

    __tablename__ = "facility_execution"

    facility_id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), index=True)
    until: Mapped[datetime]


class Consultation(Base):
    """What a person said of what a plan wants for them, and that they were asked (R54)."""

    __tablename__ = "consultation"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.plan_id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    consulted: Mapped[bool]
    views: Mapped[str] = mapped_column(default="")
    preferred_cellmate: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
