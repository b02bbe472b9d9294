"""What is said to whom: the one catalogue that every answer is made with (R54, R60).

A reader without access to intelligence is told that there is recorded information, how much, and
where it bears; no rule that rests on it, no kind, source or other person of it. Everything that
names a rule, a record or the people of a breach asks here, so that no door says more than another.
"""

from collections.abc import Iterable
from enum import StrEnum

from allocator.explain.records import Record, RecordKind
from allocator.model.catalogue import GOAL_BY_ID, RULE_BY_ID, GoalId, RuleId
from allocator.model.plan import Breach
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier


class Reader(StrEnum):
    """Who reads: an officer of the landing, or security staff with access to intelligence."""

    OFFICER = "officer"
    SECURITY = "security"

    @property
    def sees_intelligence(self) -> bool:
        """True for whom nothing recorded is hidden."""
        return self is Reader.SECURITY


RECORDED = "recorded information"
HIDDEN_WORDS = "Only for readers who have access to it."
HIDDEN_RULES = frozenset(
    {
        RuleId.SOURCE_RECEPTIVE_CELL,
        RuleId.SOURCE_RECEPTIVE_UNIT,
        RuleId.UNIT_GROUP_CAP,
        RuleId.LEADERS,
        RuleId.DISPERSAL_CAP,
        RuleId.FIRST_TIME,
        RuleId.STAFFING,
        RuleId.COMMUNICATIONS,
    }
)
"""Rules whose name alone tells something about findings on a person, or about an order."""
HIDDEN_RECORDS = frozenset(
    {
        RecordKind.COMMUNICATIONS_ORDER,
        RecordKind.EVIDENCE,
        RecordKind.KEEP_APART_GROUP,
        RecordKind.NETWORK_ROLE,
        RecordKind.RECEPTIVITY,
        RecordKind.FIRST_TIME,
        RecordKind.VEO_STATUS,
    }
)


def is_hidden(source: RuleId | GoalId, tier: Tier | None, reader: Reader) -> bool:
    """True for what the reader may only know as recorded information.

    `tier` is None for a rule that closes a cell. Tier exposure is made of evidence throughout.
    """
    if reader.sees_intelligence:
        return False
    return tier is Tier.EXPOSURE or source in HIDDEN_RULES


def label_of(source: RuleId | GoalId, reader: Reader, tier: Tier | None = None) -> str:
    """The id of a rule or goal, or that there is recorded information."""
    return RECORDED if is_hidden(source, tier, reader) else source.value


def words_of(source: RuleId | GoalId, reader: Reader, tier: Tier | None = None) -> str:
    """A rule or goal in words, as far as the reader may know it."""
    if is_hidden(source, tier, reader):
        return HIDDEN_WORDS
    return GOAL_BY_ID[source].words if isinstance(source, GoalId) else RULE_BY_ID[source].words


def labels_of(rules: Iterable[RuleId], reader: Reader) -> dict[str, str]:
    """Words by label, each label once; in the order of the rules."""
    return {label_of(rule, reader): words_of(rule, reader) for rule in rules}


def named_rules(rules: Iterable[RuleId], reader: Reader) -> str:
    """Labels with commas and an "and"."""
    return joined(labels_of(rules, reader))


def may_name(scenario: Scenario, breach: Breach, reader: Reader) -> bool:
    """True where the reader may know the people and the details of a breach.

    Officers know the other side of a non-association and of a protection need between two people;
    where two are kept apart by their groups, the group is intelligence.
    """
    if reader.sees_intelligence:
        return True
    if breach.rule in HIDDEN_RULES:
        return False
    pair = set(breach.person_ids)
    if breach.rule is RuleId.NON_ASSOCIATION:
        return any(
            known.is_open and {known.person_a, known.person_b} == pair
            for known in scenario.non_associations
        )
    if breach.rule is RuleId.PROTECTION_NEED:
        return any({need.person_id, need.from_person} == pair for need in scenario.protection_needs)
    return True


def shown_ids(record: Record, reader: Reader) -> tuple[str, ...]:
    """The others of a record, where the reader may know them."""
    hidden = record.kind in HIDDEN_RECORDS or record.kind is RecordKind.PLACE
    return () if hidden and not reader.sees_intelligence else record.person_ids


def joined(words: Iterable[str]) -> str:
    """Each once, with commas and an "and"."""
    known = list(dict.fromkeys(words))
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} and {known[-1]}"
