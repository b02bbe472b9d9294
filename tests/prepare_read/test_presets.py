"""Shipped profiles, policies and weights hold what docs and the domain's tables say."""

import re
from pathlib import Path

import pytest

from allocator.errors import ConfigError
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.profile import RuleSetting, Thresholds
from allocator.model.vocabulary import AuthorityKind, Enforcement, Level, Tier
from allocator.prepare.presets import (
    contact_weights_names,
    load_contact_weights,
    load_policy,
    load_profile,
    policy_names,
    profile_names,
)
from allocator.prepare.presets.describe import describe_policy, describe_profile
from allocator.prepare.presets.presets import (
    read_contact_weights_file,
    read_policy_file,
    read_profile_file,
)
from allocator.prepare.read import read_scenario_document
from tests.complete import COMPLETE_DOCUMENT


def test_names() -> None:
    assert profile_names() == ("coe_base", "example_crowded_system", "example_remand_strict")
    assert policy_names() == (
        "assess_then_sort",
        "concentration",
        "dispersal",
        "mixed",
        "separation",
        "status_quo",
    )
    assert contact_weights_names() == (
        "default",
        "facility_flat",
        "flat",
        "median",
        "no_cell",
        "steep",
    )


@pytest.mark.parametrize("name", profile_names())
def test_every_rule_has_a_setting_and_every_derogation_a_signer(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert tuple(profile.settings) == tuple(RuleId)
    for setting in profile.settings.values():
        assert 1 <= setting.price <= 1000
        assert (setting.enforcement is Enforcement.DEROGABLE) == bool(setting.signed_by)
        assert "staff" not in setting.signed_by


def test_coe_base() -> None:
    profile = load_profile("coe_base")
    assert profile.thresholds == Thresholds()
    by_number = {rule[:3]: setting for rule, setting in profile.settings.items()}
    derogable = {
        "R02": (5, "governor"),
        "R06": (10, "prison_service_director"),
        "R07": (20, "prison_service_director"),
        "R20": (30, "head_of_security"),
        "R21": (20, "head_of_security"),
        "R22": (10, "head_of_security"),
        "R26": (3, "governor"),
        "R72": (20, "governor"),
    }
    for number, setting in by_number.items():
        if number in derogable:
            assert setting == RuleSetting(Enforcement.DEROGABLE, *derogable[number])
        elif number == "R05":
            assert setting == RuleSetting(Enforcement.SOFT, 2)
        else:
            wanted = Enforcement.OFF if number == "R19" else Enforcement.HARD
            assert setting.enforcement is wanted, number


def test_example_profiles_differ_from_the_base_where_they_say() -> None:
    base = load_profile("coe_base")
    crowded = load_profile("example_crowded_system")
    assert crowded.thresholds == base.thresholds
    changed = {r[:3] for r in RuleId if crowded.settings[r] != base.settings[r]}
    assert changed == {"R04"}
    assert crowded.settings[RuleId.REMAND_SENTENCED].price == 40
    strict = load_profile("example_remand_strict")
    assert strict.thresholds.remand_sentenced_level is Level.LANDING
    assert strict.thresholds.space_floor_hard_m2 == 4.0
    assert strict.thresholds.young_adult_level is Level.WING
    assert strict.settings[RuleId.YOUNG_ADULTS].enforcement is Enforcement.HARD
    assert strict.settings[RuleId.REMAND_SENTENCED].enforcement is Enforcement.DEROGABLE


# Spillover and collusion (P9): what a policy is for counts four times.
PURPOSE = {
    "status_quo": (1, 1),
    "dispersal": (1, 4),
    "concentration": (4, 1),
    "separation": (1, 4),
    "assess_then_sort": (1, 4),
    "mixed": (1, 4),
}


@pytest.mark.parametrize("name", policy_names())
def test_every_policy_weighs_every_goal_and_names_every_tier(name: str) -> None:
    policy = load_policy(name)
    assert policy.name == name
    wanted = [20, *PURPOSE[name], 1, 2, 3, 3, 1, 1, 1]
    assert [policy.weights[goal] for goal in GoalId] == wanted
    assert sorted(setting.tier for setting in policy.tiers) == sorted(Tier)
    assert policy.moves_per_1000 is None
    assert policy.influence.half_life_days == 180
    order = [setting.tier for setting in policy.tiers]
    if name != "status_quo":
        assert order == list(Tier)
        assert [s.tolerance_permille for s in policy.tiers] == [0, 0, 0, 0, 20, 50, 0]


def test_policies_are_those_of_the_domain_table() -> None:
    status_quo = load_policy("status_quo")
    assert status_quo.max_veo_per_wing is None
    assert status_quo.max_leaders_per_unit is None
    assert status_quo.network_leaders_apart is None
    assert status_quo.sources_receptive_apart is None
    order = [setting.tier for setting in status_quo.tiers]
    assert order.index(Tier.MOVES) < order.index(Tier.EXPOSURE)
    dispersal = load_policy("dispersal")
    assert (dispersal.max_veo_per_wing, dispersal.max_leaders_per_unit) == (2, 1)
    assert dispersal.network_leaders_apart is Level.WING
    assert dispersal.network_leaders_facility_apart
    assert dispersal.sources_receptive_apart is Level.LANDING
    soft = RuleSetting(Enforcement.SOFT, 5)
    assert dispersal.settings == {RuleId.SOURCE_RECEPTIVE_UNIT: soft}
    concentration = load_policy("concentration")
    assert concentration.dedicated_units_used
    assert concentration.max_veo_per_wing is None
    assert concentration.network_leaders_apart is Level.LANDING
    assert load_policy("separation").authorities_used == {AuthorityKind.SEPARATION}
    sort = load_policy("assess_then_sort")
    assert sort.authorities_used == {AuthorityKind.ASSESSMENT, AuthorityKind.INTERVENTION}
    mixed = load_policy("mixed")
    assert mixed.satellites_used
    everywhere = [status_quo, dispersal, concentration, sort, mixed, load_policy("separation")]
    assert [policy.unit_group_cap for policy in everywhere] == [5] * 6
    assert (mixed.max_veo_per_wing, mixed.max_veo_per_facility) == (2, None)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("default", [100, 15, 5, 3, 12, 2, 1]),
        ("steep", [100, 2, 1, 1, 0, 0, 0]),
        ("median", [100, 8, 2, 1, 12, 0, 0]),
        ("flat", [100, 60, 35, 25, 60, 15, 5]),
        ("facility_flat", [100] * 7),
        ("no_cell", [0, 100, 35, 25, 60, 15, 5]),
    ],
)
def test_contact_weights(name: str, weights: list[int]) -> None:
    assert list(load_contact_weights(name).weights.values()) == weights


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(ConfigError, match='Did you mean "dispersal"') as caught:
        load_policy("dispersl")
    assert all(name in str(caught.value) for name in policy_names())
    with pytest.raises(ConfigError, match="coe_base"):
        load_profile("../../../etc/passwd")
    with pytest.raises(ConfigError, match="steep"):
        load_contact_weights("")


def test_unknown_keys_are_refused_with_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("extends: mixed\nname: own\ninfluence: {newcomr: 2.0}\n")
    with pytest.raises(ConfigError, match=re.escape("own.yaml, key influence.newcomr")):
        read_policy_file(path)
    path.write_text("extends: coe_base\nname: own\nthresholds: {floor: 2.0}\n")
    with pytest.raises(ConfigError, match=re.escape("own.yaml, key thresholds.floor")):
        read_profile_file(path)
    path.write_text("extends: default\nname: own\nchapel: 2\n")
    with pytest.raises(ConfigError, match=re.escape("own.yaml, key chapel")):
        read_contact_weights_file(path)
    path.write_text("extends: default\nextends: steep\n")
    with pytest.raises(ConfigError, match=re.escape("own.yaml, line 2")):
        read_contact_weights_file(path)
    path.write_text("name: own\ncell: 1\n")
    with pytest.raises(ConfigError, match=re.escape("own.yaml, key landing")):
        read_contact_weights_file(path)


@pytest.mark.parametrize("name", policy_names())
def test_every_policy_can_be_described_from_every_other(name: str) -> None:
    policy = load_policy(name)
    assert describe_policy(policy) == name
    other = COMPLETE_DOCUMENT | {"policy": {"extends": name, "max_veo_per_wing": 3}}
    made = read_scenario_document(other).policy
    assert made.name == f"{name} (changed)"
    assert describe_policy(made) == {"extends": name, "max_veo_per_wing": 3}


def test_a_mapping_without_changes_is_the_preset() -> None:
    document = COMPLETE_DOCUMENT | {
        "policy": {"extends": "mixed", "max_veo_per_wing": 2},
        "legal_profile": {"extends": "coe_base"},
        "contact_weights": {"extends": "flat", "cell": 100},
    }
    scenario = read_scenario_document(document)
    assert scenario.policy == load_policy("mixed")
    assert describe_profile(scenario.profile) == "coe_base"
    assert scenario.contact_weights == load_contact_weights("flat")
