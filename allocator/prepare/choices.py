"""Profile, policy and contact weights that a header names or describes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from allocator.errors import ConfigError
from allocator.model.policy import ContactWeights, Policy
from allocator.model.profile import LegalProfile
from allocator.prepare.presets.presets import (
    contact_weights_names,
    load_contact_weights,
    load_policy,
    load_profile,
    policy_names,
    profile_names,
)
from allocator.prepare.presets.resolve import (
    SettingProblem,
    resolve_contact_weights,
    resolve_policy,
    resolve_profile,
)
from allocator.prepare.problems import Problems, joined, nearest, show
from allocator.prepare.raw import KeyPlaces
from allocator.prepare.wire_v1 import ScenarioHeader

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a header chose; None where the choice has problems, which are recorded."""

    profile: LegalProfile | None
    policy: Policy | None
    weights: ContactWeights | None


@dataclass(frozen=True, slots=True)
class _Kind(Generic[Made]):
    """One kind of preset: the header's key, and how to load, resolve and list presets."""

    key: str
    load: Callable[[str], Made]
    resolve: Callable[[Any, Made | None], Made]
    names: Callable[[], tuple[str, ...]]


_PROFILE = _Kind("legal_profile", load_profile, resolve_profile, profile_names)
_POLICY = _Kind("policy", load_policy, resolve_policy, policy_names)
_WEIGHTS = _Kind(
    "contact_weights", load_contact_weights, resolve_contact_weights, contact_weights_names
)


def resolve_choices(header: ScenarioHeader, keys: KeyPlaces, problems: Problems) -> Choices:
    """Profile, policy and weights of a header."""
    return Choices(
        _choice(_PROFILE, header.legal_profile, keys, problems),
        _choice(_POLICY, header.policy, keys, problems),
        _choice(_WEIGHTS, header.contact_weights, keys, problems),
    )


def _choice(kind: _Kind[Made], choice: Any, keys: KeyPlaces, problems: Problems) -> Made | None:
    names = kind.names()
    name = choice if isinstance(choice, str) else choice.extends
    if name is not None and name not in names:
        place = keys.at(kind.key, *(() if isinstance(choice, str) else ("extends",)))
        action = f"{nearest(name, names)}Name a shipped one."
        problems.add("preset_unknown", place, show(name), joined(names), action)
        return None
    try:
        base = None if name is None else kind.load(name)
        return base if isinstance(choice, str) else kind.resolve(choice, base)
    except SettingProblem as problem:
        here = keys.at(kind.key, *problem.key.split("."))
        action = "Correct or complete the entry."
        problems.add(problem.code, here, problem.found, problem.allowed, action)
    except ConfigError as error:  # a shipped file is damaged
        place = keys.at(kind.key)
        problems.add("preset_unknown", place, error.user_message, joined(names), "Reinstall.")
    return None
