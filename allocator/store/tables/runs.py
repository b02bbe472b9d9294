"""Runs: work for a solver. The table is the queue; a lease says who works on what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import ID_LENGTH, Base
from allocator.store.types import Packed


class Run(Base):
    """One job from its acceptance to its end.

    `asked` is what somebody wants of a running job: "" nothing, `cancel`, or `finish` (end now
    with the best so far). `incumbent` is the last placement that a worker reported, from which
    another may go on; `result` what the work returned, under the version `catalogue` of what is
    said to whom, `plan_id` the plan that came of it,
    `trace_id` the trace of the request that asked for it, "" of runs before there were traces.
    """

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_state_made_at", "state", "made_at"),)

    run_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kind: Mapped[str]
    scenario_id: Mapped[str] = mapped_column(ForeignKey("scenario.scenario_id"), index=True)
    version: Mapped[int]
    request: Mapped[dict[str, Any]] = mapped_column(Packed)
    state: Mapped[str]
    asked: Mapped[str] = mapped_column(default="")
    owner: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any]]
    incumbent: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    result: Mapped[dict[str, Any] | None] = mapped_column(Packed)
    catalogue: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[dict[str, Any] | None]
    plan_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    trace_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", server_default="")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class RunEvent(Base):
    """News of a run, numbered from 1 within it: what server-sent events resume from."""

    __tablename__ = "run_event"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Worker(Base):
    """A process that takes runs; `seen_at` is its last sign of life."""

    __tablename__ = "worker"

    worker_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
