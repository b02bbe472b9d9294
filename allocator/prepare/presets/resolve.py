"""Wire profiles, policies and weights, laid over the ones they extend, as domain data."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from typing import Any, TypeVar

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.policy import ContactWeights, InfluenceParameters, Policy, TierSetting
from allocator.model.profile import LegalProfile, RuleSetting, Thresholds
from allocator.model.vocabulary import ContactSetting, Enforcement, Tier
from allocator.prepare.problems import show
from allocator.prepare.wire_settings import (
    ContactWeightsWire,
    InfluenceWire,
    PolicyWire,
    ProfileWire,
    RuleSettingWire,
    TierWire,
)
from allocator.prepare.wire_types import Wire

CHANGED = " (changed)"
POLICY_RULES = (
    RuleId.SOURCE_RECEPTIVE_UNIT,
    RuleId.UNIT_GROUP_CAP,
    RuleId.LEADERS,
    RuleId.DISPERSAL_CAP,
    RuleId.FIRST_TIME,
)
NULLABLE = {
    "escort_officers",
    "unit_group_cap",
    "max_leaders_per_unit",
    "max_veo_per_wing",
    "max_veo_per_facility",
    "network_leaders_apart",
    "sources_receptive_apart",
    "moves_per_1000",
}
_RULES = {key: rule for rule in RuleId for key in (rule.value, rule.value[:3])}
_GOALS = {key: goal for goal in GoalId for key in (goal.value, goal.value[:3])}
_Key = TypeVar("_Key", RuleId, GoalId)


class SettingProblem(Exception):  # noqa: N818 - turned into a Problem or a ConfigError by the caller
    """One key of a profile, policy or weight set that cannot be used."""

    def __init__(self, code: str, key: str, found: str, allowed: str) -> None:
        super().__init__(f"{key}: found {found}; allowed: {allowed}")
        self.code = code
        self.key = key
        self.found = found
        self.allowed = allowed


def resolve_profile(wire: ProfileWire, base: LegalProfile | None) -> LegalProfile:
    """The profile that a wire profile describes.

    Raises
    ------
    SettingProblem
        If a rule is unknown or missing, thresholds contradict one another or nobody signs.
    """
    thresholds = _thresholds(wire, base.thresholds if base else Thresholds())
    settings = {**(base.settings if base else {}), **_rule_settings(wire.settings)}
    missing = [rule.value[:3] for rule in RuleId if rule not in settings]
    if missing:
        raise SettingProblem("key_missing", "settings", f"no {missing[0]}", "every rule")
    ordered = {rule: settings[rule] for rule in RuleId}
    profile = LegalProfile(**_identity(wire, base), settings=ordered, thresholds=thresholds)
    is_base = base is not None and replace(profile, name=base.name) == base
    return base if base is not None and is_base and wire.name is None else profile


def resolve_policy(wire: PolicyWire, base: Policy | None) -> Policy:
    """The policy that a wire policy describes.

    Raises
    ------
    SettingProblem
        If a rule or goal is unknown, a rule is not a policy's to change, or a tier is missing.
    """
    settings = {**(base.settings if base else {}), **_rule_settings(wire.settings)}
    for rule in settings:
        if rule not in POLICY_RULES:
            allowed = ", ".join(known.value[:3] for known in POLICY_RULES)
            raise SettingProblem("rule_not_policy", f"settings.{rule[:3]}", rule, allowed)
    weights = {**(base.weights if base else {}), **_keyed(wire.weights, _GOALS, "weights")}
    values = _changed(wire, base, skip={"settings", "weights", "tiers", "influence"})
    policy = Policy(
        **{**values, **_identity(wire, base)},
        settings={rule: settings[rule] for rule in RuleId if rule in settings},
        weights={goal: _needed(weights, goal, "weights") for goal in GoalId},
        tiers=_tiers(wire.tiers, base),
        influence=_influence(wire.influence, base.influence if base else None),
    )
    is_base = base is not None and replace(policy, name=base.name) == base
    return base if base is not None and is_base and wire.name is None else policy


def resolve_contact_weights(
    wire: ContactWeightsWire, base: ContactWeights | None
) -> ContactWeights:
    """The contact weights that a wire set describes.

    Raises
    ------
    SettingProblem
        If a weight is missing.
    """
    given = {setting: getattr(wire, setting.value) for setting in ContactSetting}
    weights = {**(base.weights if base else {})}
    weights |= {setting: value for setting, value in given.items() if value is not None}
    ordered = {s: _needed(weights, s, "") for s in ContactSetting}
    if base and ordered == base.weights and wire.name is None:
        return base
    return ContactWeights(wire.name or (base.name + CHANGED if base else "custom"), ordered)


def _identity(wire: ProfileWire | PolicyWire, base: LegalProfile | Policy | None) -> dict[str, Any]:
    if base is None:
        values = {"name": wire.name, "version": wire.version, "description": wire.description}
        return {key: _needed(values, key, "") for key in values}
    description = base.description if wire.description is None else wire.description
    name = wire.name or base.name + CHANGED
    return {"name": name, "version": wire.version or base.version, "description": description}


def _needed(values: Mapping[Any, Any], key: Any, where: str) -> Any:
    if values.get(key) is None:
        path = f"{where}.{key}" if where else str(key)
        raise SettingProblem("key_missing", path, "nothing", "a value, or `extends`")
    return values[key]


def _keyed(given: Mapping[str, Any], known: Mapping[str, _Key], where: str) -> dict[_Key, Any]:
    for key in given:
        if key not in known:
            allowed = ", ".join(sorted({name[:3] for name in known}))
            raise SettingProblem("rule_unknown", f"{where}.{key}", show(key), allowed)
    return {known[key]: value for key, value in given.items()}


def _rule_settings(given: Mapping[str, RuleSettingWire]) -> dict[RuleId, RuleSetting]:
    settings = _keyed(given, _RULES, "settings")
    for rule, wire in settings.items():
        if wire.enforcement is Enforcement.DEROGABLE and not wire.signed_by:
            key = f"settings.{rule[:3]}.signed_by"
            raise SettingProblem("signer_missing", key, "nothing", "the role that signs")
    return {r: RuleSetting(w.enforcement, w.price, w.signed_by) for r, w in settings.items()}


def _changed(wire: Wire, base: object, skip: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """Plain fields: the wire's where given, else the base's; null only where it means something."""
    values: dict[str, Any] = {}
    for name in type(wire).model_fields:
        if name in skip or name in {"extends", "name", "version", "description"}:
            continue
        given = getattr(wire, name)
        if name not in wire.model_fields_set:
            if base is None:
                raise SettingProblem("key_missing", name, "nothing", "a value, or `extends`")
            given = getattr(base, name)
        elif given is None and name not in NULLABLE:
            raise SettingProblem("value_missing", name, "null", "a value")
        values[name] = given
    return values


def _thresholds(wire: ProfileWire, base: Thresholds) -> Thresholds:
    made = Thresholds(**_changed(wire.thresholds, base))
    orders = (
        ("space_floor_hard_m2", "space_floor_warning_m2"),
        ("space_floor_warning_m2", "space_floor_single_m2"),
        ("solitary_alarm_days", "solitary_limit_days"),
        ("adult_age_years", "young_adult_until_years"),
    )
    for small, large in orders:
        if getattr(made, small) > getattr(made, large):
            found = f"{getattr(made, small)} over {getattr(made, large)}"
            raise SettingProblem(
                "threshold_order", f"thresholds.{small}", found, f"at most {large}"
            )
    return made


def _tiers(given: tuple[TierWire, ...] | None, base: Policy | None) -> tuple[TierSetting, ...]:
    if given is None:
        if base is None:
            raise SettingProblem("key_missing", "tiers", "nothing", "a value, or `extends`")
        return base.tiers
    tiers = _with_departures([TierSetting(wire.tier, wire.tolerance_permille) for wire in given])
    if sorted(setting.tier for setting in tiers) != sorted(Tier):
        found = ", ".join(wire.tier for wire in given)
        allowed = "each once: " + ", ".join(Tier)
        raise SettingProblem("tiers_incomplete", "tiers", found, allowed)
    return tuple(tiers)


def _with_departures(tiers: list[TierSetting]) -> list[TierSetting]:
    """Departures need not be named: they follow protection, so that only the law comes first."""
    named = [setting.tier for setting in tiers]
    if Tier.DEPARTURES in named or Tier.PROTECTION not in named:
        return tiers
    at = named.index(Tier.PROTECTION) + 1
    return [*tiers[:at], TierSetting(Tier.DEPARTURES), *tiers[at:]]


def _influence(wire: InfluenceWire, base: InfluenceParameters | None) -> InfluenceParameters:
    maps = {"role_strength", "receptivity", "grade_weight"}
    plain: dict[str, Any] = {
        name: getattr(wire, name) if getattr(wire, name) is not None else getattr(base, name, None)
        for name in (field.name for field in fields(InfluenceParameters))
        if name not in maps
    }
    for name in plain:
        _needed(plain, name, "influence")
    merged: dict[str, Any] = {
        name: {**getattr(base, name, {}), **getattr(wire, name)} for name in sorted(maps)
    }
    for name, keys in (("receptivity", "low moderate high unknown"), ("grade_weight", "A B C D E")):
        for key in keys.split():
            _needed(merged[name], key, f"influence.{name}")
    return InfluenceParameters(**plain, **merged)
