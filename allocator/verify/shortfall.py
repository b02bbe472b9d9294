r"""What a plan says of the places that people without one lack, checked without a flow.

By Hall's condition some people P are short of

.. math:: S(P) = \max_{K} \bigl(\text{needs}(P \cap K) - \text{room}(K)\bigr)

places, K being kinds of people and room(K) what the cells open to one of them hold at the most.
S grows faster the more people are there already, so that the places missing for a category are at
least what S rises by when its people come first, and at most what it rises by when they come last,
besides the needs of those for whom no cell has room as things stand.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import ShortfallCause
from allocator.model.vocabulary import Enforcement, LegalCategory
from allocator.verify.discover import RuleCheck, rule_checks
from allocator.verify.r02_capacity import must_be_empty
from allocator.verify.r04_remand_sentenced import category_fault
from allocator.verify.sites import Site
from allocator.verify.view import View, load_of

NO_ROOM = (RuleId.CAPACITY,)
MOST_TRIALS = 4000


def cause_faults(view: View, causes: Iterable[ShortfallCause]) -> Iterator[str]:
    """What is wrong with the causes of a shortfall, given a placement without unlawful breaches.

    Whether rules close the places left is tried by putting people there, one at a time. After
    `MOST_TRIALS` trials the rest is taken as said: a network has thousands of cells with room.
    """
    said: Counter[tuple[str, tuple[RuleId, ...]]] = Counter()
    for cause in causes:
        said[cause.category, cause.rules] += cause.places
    without = [view.scenario.person_by_id[key] for key in view.unplaced]
    yield from _sums(said, without)
    yield from _missing(view, said, without)
    trials = _Trials(view)
    for (category, rules), places in sorted(said.items()):
        if rules != NO_ROOM:
            people = [p for p in without if p.legal_category.value == category]
            kept_out = sum(p.places_needed for p in people if trials.are_reason(p, rules))
            if kept_out < places:
                yield (
                    f"{places} {category} places are said to be kept by "
                    f"{' and '.join(rules) or 'nothing'}, which is so of {kept_out}"
                )


def hard_places(view: View, site: Site) -> int:
    """Places that a cell holds at the most, by the hard parts of capacity and space floor."""
    if view.applies(RuleId.CAPACITY) and must_be_empty(site):
        return 0
    places = site.maximum
    if _is_hard(view, RuleId.CAPACITY):
        places = min(places, site.capacity)
    of_size = site.places_of_size(view.limits.space_floor_hard_m2)
    if of_size is not None and _is_hard(view, RuleId.SPACE_FLOOR):
        places = min(places, of_size)
    return places


def places_short(view: View, people: Iterable[Person]) -> int:
    """S of the module's docstring; kinds are a legal category and a least number of places."""
    needs = Counter((p.legal_category, p.places_needed) for p in people)
    steps = [
        [None, *sorted(size for category, size in needs if category is wanted)]
        for wanted in LegalCategory
    ]
    return max(_excess(view, needs, least) for least in product(*steps))


def _excess(
    view: View, needs: Counter[tuple[LegalCategory, int]], least: tuple[int | None, ...]
) -> int:
    """Needs of the people of each category who need at least so many places, less their room."""
    chosen = {c: size for c, size in zip(LegalCategory, least, strict=True) if size is not None}
    needed = sum(
        size * count
        for (category, size), count in needs.items()
        if category in chosen and size >= chosen[category]
    )
    room = 0
    for site in view.sites.values():
        places = hard_places(view, site)
        if any(_is_open(view, site, c) and places >= size for c, size in chosen.items()):
            room += places
    return needed - room


def _is_open(view: View, site: Site, category: LegalCategory) -> bool:
    rule = RuleId.REMAND_SENTENCED
    return not _is_hard(view, rule) or category_fault(category, site) is None


def _sums(said: Counter[tuple[str, tuple[RuleId, ...]]], without: list[Person]) -> Iterator[str]:
    needed = Counter[str]()
    for person in without:
        needed[person.legal_category.value] += person.places_needed
    explained = Counter[str]()
    for (category, _), places in said.items():
        explained[category] += places
    for category in sorted(needed.keys() | explained.keys()):
        if needed[category] != explained[category]:
            yield (
                f"causes are given for {explained[category]} {category} places; "
                f"people without a place need {needed[category]}"
            )


def _missing(
    view: View, said: Counter[tuple[str, tuple[RuleId, ...]]], without: list[Person]
) -> Iterator[str]:
    """Places said to be missing, of each category, against the two bounds of the docstring."""
    placed = [person for person, _ in view.placed()]
    room = {site.cell_id: hard_places(view, site) for site in view.sites.values()}
    for site, people in view.occupied():
        room[site.cell_id] -= load_of(people)
    widest = max(room.values(), default=0)
    for category in LegalCategory:
        own = [p for p in without if p.legal_category is category]
        others = [p for p in without if p.legal_category is not category]
        nowhere = sum(p.places_needed for p in own if p.places_needed > widest)
        least = places_short(view, [*placed, *own]) - places_short(view, placed)
        rise = places_short(view, [*placed, *without]) - places_short(view, [*placed, *others])
        missing = said[category.value, NO_ROOM]
        if not max(least, nowhere) <= missing <= rise + nowhere:
            yield (
                f"{missing} {category} places are said to be missing for want of room, "
                f"are {max(least, nowhere)} to {rise + nowhere}"
            )


class _Trials:
    """People without a place, put where room is left to see which hard rules close it."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.left = MOST_TRIALS
        held = {site.cell_id: load_of(people) for site, people in view.occupied()}
        self.room = {
            cell_id: hard_places(view, site) - held.get(cell_id, 0)
            for cell_id, site in sorted(view.sites.items())
        }

    def are_reason(self, person: Person, rules: tuple[RuleId, ...]) -> bool:
        """True when some cell has room and rules close all of them, none of which is needless.

        R04 goes without saying beside other rules. Without rules: true when one cell is open.
        """
        named = {*rules, RuleId.REMAND_SENTENCED} if rules else None
        checks = [c for c in rule_checks() if named is None or c.rule in named]
        closing: list[set[RuleId]] = []
        for cell_id, room in self.room.items():
            if room < person.places_needed:
                continue
            if self.left <= 0:
                return True
            self.left -= 1
            closing.append(self._closing(person, cell_id, checks))
            if not closing[-1]:
                return not rules
        return bool(rules) and _all_needed(closing, rules)

    def _closing(self, person: Person, cell_id: str, checks: list[RuleCheck]) -> set[RuleId]:
        placement = {**self.view.placement, person.person_id: cell_id}
        trial = View(self.view.scenario, placement, base=self.view)
        return {check.rule for check in checks if _is_broken(trial, check)}


def _is_broken(view: View, check: RuleCheck) -> bool:
    always = view.applies(check.rule) and any(True for _ in check.check_always(view))
    return always or (_is_hard(view, check.rule) and any(True for _ in check.check(view)))


def _all_needed(closing: list[set[RuleId]], rules: tuple[RuleId, ...]) -> bool:
    """Every rule is the only one of those named that closes some cell open by R04."""
    by_category = RuleId.REMAND_SENTENCED
    if rules == (by_category,):
        return bool(closing)
    rest = [found for found in closing if by_category not in found]
    return all({rule} in rest for rule in rules)


def _is_hard(view: View, rule: RuleId) -> bool:
    return view.setting(rule).enforcement is Enforcement.HARD
