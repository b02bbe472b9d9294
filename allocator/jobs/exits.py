"""Exit codes, permanent: scripts of a prison service rely on them."""

from enum import IntEnum

from allocator.errors import ConfigError, ScenarioError
from allocator.model.plan import Plan, Verdict


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    OUR_FAULT = 1
    USAGE = 2
    BAD_DATA = 3
    LEAST_BAD = 4
    NOTHING_FOUND = 5
    INTERRUPTED = 130


EXIT_WORDS: dict[ExitCode, str] = {
    ExitCode.DONE: "a verified plan, everybody placed, no derogation; or the command did its work",
    ExitCode.OUR_FAULT: "our own fault; nothing was written",
    ExitCode.USAGE: "wrong usage: an option, policy, profile or output folder",
    ExitCode.BAD_DATA: "the scenario's data is wrong; every problem is listed",
    ExitCode.LEAST_BAD: "a verified least-bad plan: people unplaced or derogations to sign, "
    "with reasons; discrepancies found by verify; no cell without a derogation for place; people "
    "left out by order; a conflict; or an alarm of audit-fairness",
    ExitCode.NOTHING_FOUND: "no plan found in the time, or a conflict not decided; nothing changes",
    ExitCode.INTERRUPTED: "interrupted; the best plan so far was written when there was one",
}
EPILOG = "Exit codes: " + " · ".join(f"{code.value} {words}" for code, words in EXIT_WORDS.items())


def has_plan(plan: Plan) -> bool:
    """True when the plan places people; False when the search ended without one."""
    return plan.verdict in {Verdict.OPTIMAL, Verdict.FEASIBLE}


def exit_code_of_plan(plan: Plan) -> ExitCode:
    """Exit code of a finished solve."""
    if not has_plan(plan):
        return ExitCode.NOTHING_FOUND
    return ExitCode.LEAST_BAD if plan.unplaced or plan.derogations else ExitCode.DONE


def exit_code_of_error(error: BaseException) -> ExitCode:
    """Exit code of an error that ended a command."""
    if isinstance(error, ScenarioError):
        return ExitCode.BAD_DATA
    return ExitCode.USAGE if isinstance(error, ConfigError) else ExitCode.OUR_FAULT
