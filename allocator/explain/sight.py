"""What a reader may not know of one scenario, and who is known to be kept apart (R60)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allocator.explain.markings import NOTHING, Records, Withheld, is_released, withheld_from
from allocator.model.catalogue import GoalId, RuleId

Pairs = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader may not know of one scenario, and who is known to be kept apart.

    Parameters
    ----------
    pairs : two people each, by the rule that keeps them apart, where a record says so that names
        both and was released to the reader; one where it names a group as the other side.
    people : everybody whom these name, by the rule.
    """

    withheld: Withheld = NOTHING
    pairs: Mapping[RuleId, Pairs] = field(default_factory=dict)
    people: Mapping[RuleId | GoalId, frozenset[str]] = field(default_factory=dict)


def sight_of(records: Records, roles: frozenset[str]) -> Sight:
    """What somebody in these roles may not know, and whom the records that they know keep apart."""
    kept_apart = (
        frozenset({known.person_a, known.person_b})
        for known in records.non_associations
        if known.is_open and is_released(known, roles)
    )
    in_need = (
        frozenset({need.person_id, *((need.from_person,) if need.from_person else ())})
        for need in records.protection_needs
        if is_released(need, roles)
    )
    pairs: dict[RuleId, Pairs] = {
        RuleId.NON_ASSOCIATION: frozenset(kept_apart),
        RuleId.PROTECTION_NEED: frozenset(in_need),
    }
    people: dict[RuleId | GoalId, frozenset[str]] = {
        rule: frozenset[str]().union(*found) for rule, found in pairs.items()
    }
    return Sight(withheld_from(records, roles), pairs, people)
