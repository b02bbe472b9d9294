"""Every table, so that `Base.metadata` is whole once this package is imported."""

from allocator.store.base import Base
from allocator.store.tables.accounts import Account, ApiKey, LoginSession
from allocator.store.tables.audit import AuditEntry
from allocator.store.tables.plans import (
    Consultation,
    ExecutionStep,
    FacilityExecution,
    PlanChange,
    PlanItem,
    Signature,
    StoredPlan,
)
from allocator.store.tables.requests import IdempotentAnswer, RateBucket
from allocator.store.tables.runs import Run, RunEvent, Worker
from allocator.store.tables.scenarios import ScenarioFacility, ScenarioLine, ScenarioVersion

__all__ = [
    "Account",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Consultation",
    "ExecutionStep",
    "FacilityExecution",
    "IdempotentAnswer",
    "LoginSession",
    "PlanChange",
    "PlanItem",
    "RateBucket",
    "Run",
    "RunEvent",
    "ScenarioFacility",
    "ScenarioLine",
    "ScenarioVersion",
    "Signature",
    "StoredPlan",
    "Worker",
]
