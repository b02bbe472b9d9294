"""States on the way: each rule, each order within a batch, and the slow plain reading of all."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import RuleId
from allocator.model.profile import RuleSetting
from allocator.model.relations import NonAssociation, ProtectionNeed
from allocator.model.scenario import Scenario
from allocator.model.sequence import Step
from allocator.model.vocabulary import (
    Enforcement,
    Grade,
    LegalCategory,
    NetworkRole,
    Restriction,
    SecurityCategory,
    Sex,
    SharingRisk,
    UsedFor,
)
from allocator.verify.states import Excess, find_excesses
from tests.builders import (
    DAY,
    HARD,
    OFF,
    cell,
    derogable,
    landing,
    person,
    receptivity,
    role,
    soft,
    wing,
    with_setting,
)
from tests.rules.random_scenarios import AWAY, CELLS, PEOPLE, scenarios
from tests.verify.sequences import scenario_of, sequence, steps
from tests.verify.state_oracle import list_excesses

LOW: dict[str, Any] = {"unlock_hours": 1.0, "meaningful_contact_hours": 1.0}
NEED = ProtectionNeed("a", Restriction.LANDING, "threat", "governor", DAY, "o")
TABLE: list[tuple[RuleId, dict[str, Any], dict[str, Any], str, int]] = [
    (RuleId.CAPACITY, {"places_needed": 2}, {"places": 2}, "v", 3),
    (RuleId.SEX_AND_AGE, {"sex": Sex.FEMALE}, {}, "WV", 1),
    (RuleId.REMAND_SENTENCED, {"legal_category": LegalCategory.REMAND}, {}, "WV", 1),
    (RuleId.YOUNG_ADULTS, {"age_years": 19}, {}, "v", 1),
    (RuleId.SPACE_FLOOR, {"places_needed": 2}, {"area_m2": 8.0}, "v", 3),
    (RuleId.SPACE_DAYS, {"days_below_hard_floor": 27}, {"area_m2": 14.0, "places": 5}, "v", 1),
    (RuleId.SINGLE_CELL, {"sharing_risk": SharingRisk.HIGH}, {}, "v", 1),
    (RuleId.NON_ASSOCIATION, {}, {}, "WV", 1),
    (RuleId.PROTECTION_NEED, {}, {}, "LV", 1),
    (RuleId.SECURITY_CATEGORY, {}, {"security_category": SecurityCategory.D}, "v", 1),
    (RuleId.SPECIAL_NEEDS, {}, {"used_for": frozenset({UsedFor.VULNERABLE})}, "v", 1),
    (RuleId.SOURCE_RECEPTIVE_CELL, {}, {}, "v", 1),
]


def visit(rule: RuleId, mover: dict[str, Any], visited: dict[str, Any]) -> Scenario:
    """`a`, who goes from c1 to c2 by way of v, where `o` and `q` are."""
    relations: dict[RuleId, dict[str, Any]] = {
        RuleId.NON_ASSOCIATION: {
            "non_associations": [NonAssociation("a", "o", Restriction.WING)],
        },
        RuleId.PROTECTION_NEED: {"protection_needs": [NEED]},
        RuleId.SOURCE_RECEPTIVE_CELL: {
            "findings": [role("a", NetworkRole.LEADER), receptivity("q", Grade.HIGH)],
        },
    }
    others = {"vulnerable": True, "security_category": SecurityCategory.D}
    return scenario_of(
        [cell("c1", 2), cell("c2", 2), cell("v", parent="LV", **({"places": 4} | visited))],
        [
            person("a", current_place="c1", **mover),
            person("o", current_place="v", **others),
            person("q", current_place="v", **others),
        ],
        units=[wing("WV"), landing("LV", "WV")],
        settings=dict.fromkeys(RuleId, OFF) | {rule: HARD},
        **relations.get(rule, {}),
    )


@pytest.mark.parametrize(("rule", "mover", "visited", "place", "amount"), TABLE)
def test_each_rule_holds_on_the_way(
    rule: RuleId, mover: dict[str, Any], visited: dict[str, Any], place: str, amount: int
) -> None:
    scenario = visit(rule, mover, visited)
    direct = sequence(steps("a c1 c2"), target="a:c2")
    assert find_excesses(scenario, direct) == ()
    round_about = sequence(steps("a c1 v!"), steps("a v c2"), target="a:c2")
    expected = tuple(Excess(batch, rule, place, amount, 0) for batch in (1, 2))
    assert find_excesses(scenario, round_about) == expected
    for kept in (derogable(7), soft(7)):
        assert find_excesses(with_setting(scenario, rule, kept), round_about) == expected
    reported = with_setting(scenario, rule, RuleSetting(Enforcement.REPORT))
    is_over_maximum = rule is RuleId.CAPACITY
    assert find_excesses(reported, round_about) == (expected if is_over_maximum else ())
    assert find_excesses(with_setting(scenario, rule, OFF), round_about) == ()
    meant = sequence(steps("a c1 v"), target="a:v")
    assert find_excesses(scenario, meant) == ()


def test_a_cell_for_one_without_contact_is_no_place_to_wait() -> None:
    units = [wing("WV", **LOW), landing("LV", "WV")]
    cells = ["c1", "c2", cell("v", parent="LV")]
    scenario = scenario_of(cells, [person("a", current_place="c1")], units=units)
    made = sequence(steps("a c1 v!"), steps("a v c2"), target="a:c2")
    expected = tuple(Excess(batch, RuleId.NO_SOLITARY, "v", 1, 0) for batch in (1, 2))
    assert find_excesses(scenario, made) == expected


@pytest.mark.parametrize(
    ("batches", "left_alone"),
    [
        (["a v c1; b v c2"], []),
        (["a v c1", "b v c2"], [1]),
        (["n - v; m - v"], []),
        (["a v c1; n - v"], [1]),
        (["n - v", "a v c1"], []),
        (["n - v", "a v c1; b v c2; m - v"], [2]),
        (["n - v; m - v", "a v c1; b v c2"], []),
        (["a v c1; b v c2; n - v; m - v"], []),
        (["a v c1; b v c2; n - v", "m - v"], [1, 2]),
    ],
)
def test_who_stays_is_not_left_alone(batches: list[str], left_alone: list[int]) -> None:
    units = [wing("WV", **LOW), landing("LV", "WV")]
    people = [person(key, current_place="v") for key in "ab"]
    scenario = scenario_of(["c1", "c2", cell("v", 4, "LV")], [*people, "m", "n"], units=units)
    made = sequence(*(steps(*batch.split("; ")) for batch in batches))
    expected = [Excess(batch, RuleId.NO_SOLITARY, "v", 1, 0) for batch in left_alone]
    assert list(find_excesses(scenario, made)) == expected
    assert list_excesses(scenario, made) == tuple(expected)


def test_no_order_of_a_batch_overfills_a_cell() -> None:
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    scenario = scenario_of(["c1", "c2", "c3"], people)
    at_once = sequence(steps("a c1 c3", "b c2 c1"))
    assert find_excesses(scenario, at_once) == (Excess(1, RuleId.CAPACITY, "c1", 1, 0),)
    assert find_excesses(scenario, sequence(steps("a c1 c3"), steps("b c2 c1"))) == ()


def test_people_who_pass_each_other_may_meet() -> None:
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    scenario = scenario_of(
        [cell("c1", 2), cell("c2", 2, "L2")],
        people,
        units=[landing("L2")],
        non_associations=[NonAssociation("a", "b", Restriction.LANDING)],
    )
    made = sequence(steps("a c1 c2", "b c2 c1"))
    assert find_excesses(scenario, made) == (
        Excess(1, RuleId.NON_ASSOCIATION, "L", 1, 0),
        Excess(1, RuleId.NON_ASSOCIATION, "L2", 1, 0),
    )


def test_whoever_stays_in_the_unit_counts_once() -> None:
    remand = {"legal_category": LegalCategory.REMAND}
    people = [person(key, current_place="c1", **remand) for key in "ab"]
    people += [person(key, current_place="c2") for key in "cde"]
    scenario = scenario_of([cell("c1", 2), cell("c2", 3), cell("c3", 2)], people)
    assert find_excesses(scenario, sequence(steps("a c1 c3", "b c1 c3"))) == ()
    more = sequence(steps("f - c3!"), steps("f c3 swap!"))
    newcomer = replace(scenario, people=(*scenario.people, person("f", **remand)))
    assert find_excesses(newcomer, more) == tuple(
        Excess(batch, RuleId.REMAND_SENTENCED, "W", 3, 2) for batch in (1, 2)
    )


@pytest.mark.parametrize(
    ("restriction", "yards", "is_worse"),
    [
        (Restriction.FACILITY, (None, None), False),
        (Restriction.WING, (None, None), False),
        (Restriction.LANDING, (None, None), True),
        (Restriction.EXERCISE_GROUP, (None, "y"), False),
        (Restriction.EXERCISE_GROUP, ("y", "y"), False),
    ],
)
def test_a_pair_counts_at_the_unit_that_it_may_not_share(
    restriction: Restriction, yards: tuple[str | None, str | None], *, is_worse: bool
) -> None:
    people = [person("a", current_place="c1"), person("b", current_place="c2")]
    scenario = scenario_of(
        ["c1", cell("c2", parent="L2"), cell("c3", parent="L2"), "c4"],
        people,
        units=[landing("L", exercise_group=yards[0]), landing("L2", exercise_group=yards[1])],
        non_associations=[
            NonAssociation("a", "b", Restriction.CELL),
            NonAssociation("b", "a", restriction),
            NonAssociation("a", "b", Restriction.CELL),
        ],
    )
    made = sequence(steps("a c1 c3!"), steps("a c3 c4"))
    expected = (Excess(1, RuleId.NON_ASSOCIATION, "L2", 1, 0),) if is_worse else ()
    assert find_excesses(scenario, made)[:1] == expected
    assert find_excesses(scenario, made) == list_excesses(scenario, made)


PICKS = st.lists(
    st.dictionaries(
        st.sampled_from(PEOPLE), st.sampled_from((*CELLS, *CELLS, AWAY)), min_size=1, max_size=3
    ),
    min_size=1,
    max_size=3,
)
SETTINGS = [HARD, soft(1), derogable(2), OFF, RuleSetting(Enforcement.REPORT)]
ENFORCED = st.sampled_from(SETTINGS[:3]).map(lambda setting: dict.fromkeys(RuleId, setting))
MIXED = st.fixed_dictionaries({rule: st.sampled_from(SETTINGS) for rule in RuleId})
ANY = (ENFORCED | MIXED).flatmap(lambda chosen: scenarios(settings=chosen))


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow,),
)
@given(ANY, st.lists(PICKS, min_size=8, max_size=8))
def test_every_order_of_every_batch_is_looked_at(
    scenario: Scenario, orders: list[list[dict[str, str]]]
) -> None:
    for picks in orders:
        batches = [
            tuple(Step(key, None, place, False, 2) for key, place in sorted(pick.items()))
            for pick in picks
        ]
        made = sequence(*batches)
        found, every = find_excesses(scenario, made), list_excesses(scenario, made)
        assert found == tuple(excess for excess in every if excess in found)
        assert all(_lasts(excess, every) for excess in every if excess not in found)


def _lasts(excess: Excess, every: tuple[Excess, ...]) -> bool:
    """True where a breach is told of an earlier batch already.

    The oracle tells it again where the batch changes its place at any level; at a level at which
    nothing is counted that is no change to the judge.
    """
    same = (excess.rule, excess.place, excess.amount)
    return any((e.rule, e.place, e.amount) == same and e.batch < excess.batch for e in every)
