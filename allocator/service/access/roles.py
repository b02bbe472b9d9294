"""Roles, actions, and the one table of which role may do which action (R66).

The inspector reads everything that exists about derogations and restrictive placements without
asking, and changes nothing. The administrator keeps accounts and never sees a person. Nobody's
role alone lets them sign twice: two signatures are two people (R52).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person does in the service."""

    OFFICER = "officer"
    REVIEWER = "reviewer"
    SIGNER = "signer"
    PLANNER = "planner"
    SECURITY = "security"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done; every operation of the API names one."""

    READ_SCENARIO = "scenario.read"
    WRITE_SCENARIO = "scenario.write"
    READ_INTELLIGENCE = "intelligence.read"
    DECIDE = "decision.write"
    RUN = "run.start"
    READ_RUN = "run.read"
    CANCEL_RUN = "run.cancel"
    READ_PLAN = "plan.read"
    PLACE = "place"
    EXPLAIN = "explain"
    VERIFY = "verify"
    PROPOSE = "plan.propose"
    REVIEW = "plan.review"
    SIGN = "plan.sign"
    REJECT = "plan.reject"
    EXECUTE = "plan.execute"
    COMPLAIN = "complaint.write"
    READ_AUDIT = "audit.read"
    ERASE = "person.erase"
    KEEP_ACCOUNTS = "account.write"
    READ_METRICS = "metrics.read"


_READ = frozenset(
    {
        Action.READ_SCENARIO,
        Action.READ_RUN,
        Action.READ_PLAN,
        Action.EXPLAIN,
        Action.VERIFY,
    }
)
POLICY: Mapping[Role, frozenset[Action]] = {
    Role.OFFICER: _READ
    | {Action.PLACE, Action.RUN, Action.CANCEL_RUN, Action.DECIDE, Action.COMPLAIN}
    | {Action.PROPOSE, Action.REJECT, Action.EXECUTE},
    Role.REVIEWER: _READ | {Action.REVIEW, Action.REJECT, Action.DECIDE, Action.COMPLAIN},
    Role.SIGNER: _READ | {Action.SIGN, Action.REJECT},
    Role.PLANNER: _READ
    | {Action.WRITE_SCENARIO, Action.RUN, Action.CANCEL_RUN, Action.PLACE, Action.PROPOSE}
    | {Action.REJECT},
    Role.SECURITY: _READ
    | {Action.READ_INTELLIGENCE, Action.WRITE_SCENARIO, Action.DECIDE}
    | {Action.REVIEW, Action.REJECT},
    Role.INSPECTOR: _READ | {Action.READ_AUDIT},
    Role.ADMINISTRATOR: frozenset(
        {Action.KEEP_ACCOUNTS, Action.READ_AUDIT, Action.ERASE, Action.READ_METRICS}
    ),
}


def may(roles: Iterable[Role], action: Action) -> bool:
    """True when one of the roles allows the action."""
    return any(action in POLICY[role] for role in roles)
