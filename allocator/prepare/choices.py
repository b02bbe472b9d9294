"""Profile, policy and contact weights that a header names or describes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

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
from allocator.prepare.problems import Place, Problems, joined, nearest, show
from allocator.prepare.wire_v1 import ScenarioHeader

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a header chose; None where the choice has problems, which are recorded."""

    profile: LegalProfile | None
    policy: Policy | None
    weights: ContactWeights | None


def resolve_choices(header: ScenarioHeader, file: str, problems: Problems) -> Choices:
    """Profile, policy and weights of a header."""
    return Choices(
        _choice(
            header.legal_profile, load_profile, resolve_profile, profile_names(),
            Place(file, None, "legal_profile"), problems,
        ),
        _choice(
            header.policy, load_policy, resolve_policy, policy_names(),
            Place(file, None, "policy"), problems,
        ),
        _choice(
            header.contact_weights, load_contact_weights, resolve_contact_weights,
            contact_weights_names(), Place(file, None, "contact_weights"), problems,
        ),
    )  # fmt: skip


def _choice(
    choice: Any,
    load: Callable[[str], Made],
    resolve: Callable[[Any, Made | None], Made],
    names: tuple[str, ...],
    place: Place,
    problems: Problems,
) -> Made | None:
    name = choice if isinstance(choice, str) else choice.extends
    if name is not None and name not in names:
        action = f"{nearest(name, names)}Name a shipped one."
        problems.add("preset_unknown", place, show(name), joined(names), action)
        return None
    try:
        base = None if name is None else load(name)
        return base if isinstance(choice, str) else resolve(choice, base)
    except SettingProblem as problem:
        here = Place(place.file, None, f"{place.column}.{problem.key}")
        action = "Correct or complete the entry."
        problems.add(problem.code, here, problem.found, problem.allowed, action)
    except ConfigError as error:  # a shipped file is damaged
        problems.add("preset_unknown", place, error.user_message, joined(names), "Reinstall.")
    return None
