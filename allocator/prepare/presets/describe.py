"""Profiles, policies and weights as names, or as the changes to the preset they come from."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from allocator.model.policy import ContactWeights, InfluenceParameters, Policy
from allocator.model.profile import LegalProfile, RuleSetting, Thresholds
from allocator.prepare.presets.presets import (
    contact_weights_names,
    load_contact_weights,
    load_policy,
    load_profile,
    policy_names,
    profile_names,
)
from allocator.prepare.presets.resolve import CHANGED

Described = str | dict[str, Any]


def describe_profile(profile: LegalProfile) -> Described:
    """Name of a shipped profile, or a mapping that resolves to the given one."""
    options = [(n, _profile_changes(profile, load_profile(n))) for n in profile_names()]
    return _described(profile.name, options)


def describe_policy(policy: Policy) -> Described:
    """Name of a shipped policy, or a mapping that resolves to the given one."""
    bases = {name: load_policy(name) for name in policy_names()}
    # A mapping can only add settings, so a base with more of them is no base for this policy.
    options = [
        (name, _policy_changes(policy, base))
        for name, base in bases.items()
        if base.settings.keys() <= policy.settings.keys()
    ]
    return _described(policy.name, options)


def describe_contact_weights(weights: ContactWeights) -> Described:
    """Name of a shipped set, or a mapping that resolves to the given one."""
    options = []
    for name in contact_weights_names():
        base = load_contact_weights(name)
        changes = {s.value: w for s, w in weights.weights.items() if w != base.weights[s]}
        options.append((name, changes))
    return _described(weights.name, options)


def _described(name: str, options: Iterable[tuple[str, dict[str, Any]]]) -> Described:
    by_name = dict(options)
    if name in by_name and not by_name[name]:
        return name
    root = name.removesuffix(CHANGED)
    if name.endswith(CHANGED) and by_name.get(root):
        return {"extends": root, **by_name[root]}
    nearest = root if root in by_name else min(by_name, key=lambda n: (_size(by_name[n]), n))
    return {"extends": nearest, "name": name, **by_name[nearest]}


def _size(changes: Mapping[str, Any]) -> int:
    return sum(_size(value) if isinstance(value, dict) else 1 for value in changes.values())


def _profile_changes(profile: LegalProfile, base: LegalProfile) -> dict[str, Any]:
    thresholds = {
        field.name: _plain(getattr(profile.thresholds, field.name))
        for field in fields(Thresholds)
        if getattr(profile.thresholds, field.name) != getattr(base.thresholds, field.name)
    }
    return _identity_changes(profile, base) | _filled(
        thresholds=thresholds, settings=_setting_changes(profile.settings, base.settings)
    )


def _policy_changes(policy: Policy, base: Policy) -> dict[str, Any]:
    special = {"name", "version", "description", "settings", "weights", "tiers", "influence"}
    plain = {
        field.name: _plain(getattr(policy, field.name))
        for field in fields(Policy)
        if field.name not in special and getattr(policy, field.name) != getattr(base, field.name)
    }
    if policy.tiers != base.tiers:
        plain["tiers"] = [
            {"tier": t.tier.value, "tolerance_permille": t.tolerance_permille} for t in policy.tiers
        ]
    settings = _setting_changes(policy.settings, base.settings)
    return (
        _identity_changes(policy, base)
        | plain
        | _filled(
            settings=settings,
            weights={g[:3]: w for g, w in policy.weights.items() if w != base.weights.get(g)},
            influence=_influence_changes(policy.influence, base.influence),
        )
    )


def _influence_changes(made: InfluenceParameters, base: InfluenceParameters) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for field in fields(InfluenceParameters):
        value, known = getattr(made, field.name), getattr(base, field.name)
        if value == known:
            continue
        if isinstance(value, Mapping):
            # What a role not listed is worth is 0, so that is what a missing one is written as.
            value = {
                str(k): value.get(k, 0) for k in (known | value) if value.get(k) != known.get(k)
            }
        changes[field.name] = value
    return changes


def _identity_changes(made: LegalProfile | Policy, base: LegalProfile | Policy) -> dict[str, Any]:
    return {
        key: getattr(made, key)
        for key in ("version", "description")
        if getattr(made, key) != getattr(base, key)
    }


def _setting_changes(
    made: Mapping[Any, RuleSetting], base: Mapping[Any, RuleSetting]
) -> dict[str, Any]:
    return {
        rule[:3]: {
            "enforcement": setting.enforcement.value,
            "price": setting.price,
            "signed_by": setting.signed_by,
        }
        for rule, setting in made.items()
        if setting != base.get(rule)
    }


def _filled(**parts: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(str(part) for part in value)
    return str(value) if isinstance(value, str) else value
