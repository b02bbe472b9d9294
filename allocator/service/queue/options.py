"""What a run may be asked for, as plain values; refused at once when it makes no sense."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allocator.errors import ConfigError
from allocator.jobs.compare import OWN, check_choice
from allocator.jobs.curve import check_moves
from allocator.jobs.request import MOST_MOVES, Overrides, PlanRequest
from allocator.prepare.presets import load_contact_weights, load_policy, load_profile

MOST_WORKERS = 64
MOST_SECONDS = 86_400
MOST_POINTS = 50
MOST_POLICIES = 16
DEFAULT_SETS = (OWN, "default", "steep", "median", "flat", "facility_flat", "no_cell")


class RunKind(StrEnum):
    """What a run computes."""

    PLAN = "plan"
    CURVE = "curve"
    CONFLICT = "conflict"
    ORDER = "order"
    COMPARE = "compare"
    LOCKS = "locks"


_WORK = {"effort": str, "time_limit_seconds": float, "seed": int, "workers": int}
_CHOICE = {"policy": str, "legal_profile": str, "contact_weights": str}
_TYPES: Mapping[str, type] = {
    **_WORK,
    **_CHOICE,
    "max_moves": int,
    "moves": list,
    "policies": list,
    "weight_sets": list,
}
_USUAL: Mapping[RunKind, Mapping[str, str]] = {RunKind.LOCKS: {"effort": "quick"}}
"""What is taken where nothing is given, as the commands take it; one to four solves a decision."""
_KNOWN: Mapping[RunKind, frozenset[str]] = {
    RunKind.PLAN: frozenset({*_WORK, *_CHOICE, "max_moves"}),
    RunKind.CURVE: frozenset({*_WORK, *_CHOICE, "moves"}),
    RunKind.CONFLICT: frozenset(_CHOICE),
    RunKind.ORDER: frozenset(),
    RunKind.LOCKS: frozenset({*_WORK, *_CHOICE, "max_moves"}),
    RunKind.COMPARE: frozenset({*_WORK, "legal_profile", "max_moves", "policies", "weight_sets"}),
}


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Checked options of a run.

    Parameters
    ----------
    moves : of a curve, None for the usual numbers. policies, weight_sets : of a comparison.
    """

    request: PlanRequest
    overrides: Overrides
    moves: tuple[int, ...] | None = None
    policies: tuple[str, ...] = ()
    weight_sets: tuple[str, ...] = ()


def read_options(kind: RunKind, options: Mapping[str, Any]) -> RunOptions:
    """Options by name, those that are None left out.

    Raises
    ------
    ConfigError
        If one is not known for the kind, or its value is not allowed.
    """
    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        if name not in _KNOWN[kind]:
            allowed = ", ".join(sorted(_KNOWN[kind])) or "none"
            raise ConfigError(f"A run of kind {kind} has no option {name!r}. Known: {allowed}.")
        _check_type(name, value)
    work = {name: given[name] for name in _WORK if name in given}
    request = PlanRequest(**{**_USUAL.get(kind, {}), **work})
    if request.workers > MOST_WORKERS or (request.time_limit_seconds or 0) > MOST_SECONDS:
        raise ConfigError(
            f"A run has at most {MOST_WORKERS} workers and {MOST_SECONDS:,} seconds; give less."
        )
    chosen = {name: given[name] for name in _CHOICE if name in given}
    overrides = Overrides(**chosen, max_moves=_max_moves(given))
    _check_names(overrides)
    policies = tuple(given.get("policies", ()))
    sets = tuple(given.get("weight_sets", DEFAULT_SETS))
    if kind is RunKind.COMPARE:
        _check_comparison(policies, sets, overrides)
    return RunOptions(request, overrides, _moves(given), policies, sets)


def _check_type(name: str, value: Any) -> None:
    wanted = _TYPES[name]
    is_number = wanted is float and isinstance(value, int)
    if isinstance(value, bool) or not (isinstance(value, wanted) or is_number):
        raise ConfigError(f"The option {name} is a {type(value).__name__}; give a {_word(wanted)}.")


def _word(wanted: type) -> str:
    words = {str: "text", float: "number", int: "whole number", list: "list"}
    return words[wanted]


def _check_names(overrides: Overrides) -> None:
    """Refuse names of presets that are not shipped; a name is never a path."""
    checks = (
        (load_policy, overrides.policy),
        (load_profile, overrides.legal_profile),
        (load_contact_weights, overrides.contact_weights),
    )
    for load, name in checks:
        if name is not None:
            load(name)


def _max_moves(given: Mapping[str, Any]) -> int | None:
    value: int | None = given.get("max_moves")
    if value is not None and not 0 <= value <= MOST_MOVES:
        raise ConfigError(f"The most moves are {value}; use 0 to {MOST_MOVES:,}.")
    return value


def _moves(given: Mapping[str, Any]) -> tuple[int, ...] | None:
    if "moves" not in given:
        return None
    return check_moves(_joined("moves", given["moves"], MOST_POINTS))


def _check_comparison(
    policies: tuple[Any, ...], sets: tuple[Any, ...], overrides: Overrides
) -> None:
    _joined("policies", policies, MOST_POLICIES)
    _joined("weight_sets", sets, MOST_POLICIES)
    check_choice(policies, sets, overrides.legal_profile)


def _joined(name: str, values: Iterable[Any], most: int) -> str:
    words = [str(value) for value in values]
    if len(words) > most:
        raise ConfigError(f"The option {name} has {len(words)} entries; give at most {most}.")
    return ",".join(words)
