"""What is said to whom: the one catalogue that every answer is made with (R54, R60).

A reader without access to intelligence is told that there is recorded information, how much, and
where it bears; no rule that rests on it, no kind, source or other person of it. The same words
stand for what rests on a record that its owner restricted to others. Everything that names a rule,
a record or the people of a breach asks here, so that no door says more than another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from allocator.errors import InternalError
from allocator.explain.markings import (
    EVERYTHING,
    Records,
    Withheld,
    records_of,
    released_scenario,
)
from allocator.explain.records import EXPOSURE, Record, RecordKind
from allocator.explain.sight import Sight, sight_of
from allocator.model.catalogue import GOAL_BY_ID, RULE_BY_ID, GoalId, RuleId
from allocator.model.plan import Breach
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: with access to intelligence or without, and in which roles.

    What a reader may know depends on the records too: whatever speaks of a scenario binds the
    reader to it first (`of`), and an unbound reader is told nothing at all.

    Parameters
    ----------
    value : what answers call the reader.
    sees_intelligence : True for whom no kind of record is hidden as such.
    roles : those that owners of records release them to.
    sees_all : True for what is stored or judged and shown to nobody in this form.
    sight : of the scenario that the answer is about, None before there is one.
    people : whom the answer is about, nobody where it is about everybody.
    """

    value: str
    sees_intelligence: bool
    roles: frozenset[str]
    sees_all: bool = False
    sight: Sight | None = None
    people: tuple[str, ...] = ()

    OFFICER: ClassVar["Reader"]
    SECURITY: ClassVar["Reader"]
    WHOLE: ClassVar["Reader"]

    def __str__(self) -> str:
        return self.value

    def of(self, scenario: Scenario) -> Self:
        """The reader of this scenario; one who is bound stays so."""
        return self if self.sight is not None else self.of_records(records_of(scenario))

    def of_records(self, records: Records | None) -> Self:
        """The reader of a scenario with these records; None for data that are gone."""
        if self.sees_all:
            return replace(self, sight=Sight())
        if records is None:
            return replace(self, sight=Sight(EVERYTHING))
        return replace(self, sight=sight_of(records, self.roles))

    def about(self, *person_ids: str) -> Self:
        """The reader of something that concerns these people and nobody else."""
        return replace(self, people=person_ids) if person_ids else self

    def shown(self, scenario: Scenario) -> Scenario:
        """The scenario without records that were not released to the reader."""
        return scenario if self.sees_all else released_scenario(scenario, self.roles)

    @property
    def withheld(self) -> Withheld:
        """What was not released to the reader.

        Raises
        ------
        InternalError
            If nobody said which scenario it is about.
        """
        if self.sight is None:
            raise InternalError("An answer was made for a reader of no scenario, so it is refused.")
        return self.sight.withheld

    @property
    def sees_exposure(self) -> bool:
        """True for whom the exposure of single people and cells hides nothing."""
        return self.sees_intelligence and EXPOSURE.isdisjoint(self.withheld.everywhere)

    @property
    def sees_places(self) -> bool:
        """True for whom the people may be named whose places close a cell or make it dear."""
        return self.sees_intelligence and not self.withheld.touches(self.people)

    @property
    def sees_whole_scenario(self) -> bool:
        """True for whom nothing of the scenario is hidden."""
        return self.sees_intelligence and not self.withheld.records and self.sees_exposure


Reader.OFFICER = Reader("officer", False, frozenset({"officer"}))
Reader.SECURITY = Reader("security", True, frozenset({"security"}))
Reader.WHOLE = Reader("security", True, frozenset(), sees_all=True)
READERS = (Reader.OFFICER, Reader.SECURITY)
"""Those whom the command line knows."""


CATALOGUE = 3
"""Counts the versions of this catalogue, 0 being what was said before there were markings.

Whoever changes what is hidden from somebody, here, in `markings`, `sight`, `audiences` or
`move_lines`, adds one: what is stored for an audience under another number is made anew, or not
shown. Since 2 the reason of a move tells nothing of a hidden rule; since 3 an order of moves names
nobody for whom somebody waits by such a rule, and rules of people kept apart tell of no group.
"""
RECORDED = "recorded information"
HIDDEN_WORDS = "Recorded information that is not released to your role."
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
    if reader.sees_all:
        return False
    if tier is Tier.EXPOSURE and not reader.sees_exposure:
        return True
    if source in HIDDEN_RULES and not reader.sees_intelligence:
        return True
    return reader.withheld.bears_on(source, reader.people) or _is_by_groups(source, reader)


def _is_by_groups(source: RuleId | GoalId, reader: Reader) -> bool:
    """True where no record that the reader knows keeps these people from others: a group does.

    That a rule of people kept apart closes cells to somebody without such a record would tell that
    they are counted to a group, or feared by somebody.
    """
    if reader.sees_intelligence or reader.sight is None or not reader.people:
        return False
    known = reader.sight.people.get(source)
    return known is not None and known.isdisjoint(reader.people)


def is_hidden_breach(breach: Breach, reader: Reader) -> bool:
    """True for a breach of which the reader may only know that there is recorded information.

    Two people whose being kept apart the reader knows from a record of both are no secret, as long
    as nothing else that is withheld keeps the same two apart.
    """
    if not is_hidden(breach.rule, None, reader.about(*breach.person_ids)):
        return False
    if reader.sight is None or breach.rule not in reader.sight.pairs:
        return True
    pair = frozenset(breach.person_ids)
    return pair not in reader.sight.pairs[breach.rule] or reader.withheld.explains(pair)


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


def reader_of_breach(breach: Breach, reader: Reader) -> Reader:
    """For whom the rule of a breach is put into words: all of it where the breach is no secret."""
    hidden = is_hidden_breach(breach, reader)
    return reader.about(*breach.person_ids) if hidden else Reader.WHOLE


def told_labels(rules: Iterable[RuleId], reader: Reader) -> dict[str, str]:
    """As `labels_of` for a closed cell: what is hidden only where nothing else closes it.

    That a cell is full says why nobody goes there, and leaves open whether anything is recorded.
    """
    found = labels_of(rules, reader)
    return {key: words for key, words in found.items() if key != RECORDED} or found


def may_name(breach: Breach, reader: Reader) -> bool:
    """True where the reader may know the people and the details of a breach.

    Officers know the other side of a non-association and of a protection need between two people;
    where two are kept apart by their groups, the group is intelligence.
    """
    if reader.sees_all:
        return True
    if is_hidden_breach(breach, reader):
        return False
    if reader.sees_intelligence or reader.sight is None or breach.rule not in reader.sight.pairs:
        return True
    return frozenset(breach.person_ids) in reader.sight.pairs[breach.rule]


def is_hidden_record(record: Record, reader: Reader) -> bool:
    """True for a record of the reader's people of which only that there is one may be told."""
    if reader.sees_all:
        return False
    if record.kind is RecordKind.PLACE:
        return not reader.sees_places
    if record.kind in HIDDEN_RECORDS and not reader.sees_intelligence:
        return True
    return reader.withheld.has(record, reader.people)


def shown_ids(record: Record, reader: Reader) -> tuple[str, ...]:
    """The others of a record, where the reader may know them."""
    return () if is_hidden_record(record, reader) else record.person_ids


def joined(words: Iterable[str]) -> str:
    """Each once, with commas and an "and"."""
    known = list(dict.fromkeys(words))
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} and {known[-1]}"
