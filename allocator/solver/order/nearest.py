"""The fewest people who stay, so that the end of all other moves is allowed; exact.

Whoever stays keeps a place that somebody else may need, who then stays too, and so on until a place
is free: CP-SAT finds the shortest of these chains. Limits of counts are rows from the beginning.
Where an answer breaks any other rule, the people who add to it there may not all do so again, and
the question is asked once more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key, Rules
from allocator.solver.order.tallies import Kind, Tally

DETERMINISTIC = 5.0
MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Nearest:
    """Who stays, and how many stay at the least under what was asked."""

    staying: frozenset[int]
    least: int


class NearestEnd:
    """Ends of plans in which some of the people who are to move stay where they are.

    Parameters
    ----------
    every : rules that the end keeps. targets : cell of everybody who is to move.
    """

    def __init__(self, every: Sequence[Rules], targets: Mapping[int, int]) -> None:
        current = every[0].instance.current
        self._cells = {p: (int(current[p]), c) for p, c in sorted(targets.items())}
        self._model = cp_model.CpModel()
        self._goes = {p: self._model.new_bool_var(f"go{p}") for p in self._cells}
        self._without = [self._nobody(rules) for rules in every]
        for without in self._without:
            self._post_counts(without)
        self._model.maximize(sum(self._goes.values()))

    def ask(self, staying: Collection[int]) -> Nearest:
        """The fewest, some people being among them in any case."""
        for _ in range(MOST_ROUNDS):
            found = self._solve(staying)
            clauses = list(self._broken(found.staying))
            if not clauses:
                return found
            for clause in clauses:
                self._forbid(clause, found.staying)
        raise InternalError("The nearest plan was not found.", f"after {MOST_ROUNDS} rounds")

    def _nobody(self, rules: Rules) -> Occupancy:
        without = Occupancy(rules)
        for person, (here, _) in self._cells.items():
            without.leave(person, here)
        return without

    def _solve(self, staying: Collection[int]) -> Nearest:
        model = self._model.clone()
        for person in sorted(staying):
            model.add(model.get_bool_var_from_proto_index(self._goes[person].index) == 0)
        solver = new_solver(Limits(DETERMINISTIC, None, 1))
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            name = solver.status_name(status)
            raise InternalError("The end in which nobody moves was not found to be allowed.", name)
        stays = frozenset(p for p, go in self._goes.items() if not solver.value(go))
        return Nearest(stays, ceil(len(self._cells) - solver.best_objective_bound - 1e-6))

    def _post_counts(self, without: Occupancy) -> None:
        """Upper limits of counts, each part by itself: what the key allows, it allows."""
        rules = without.rules
        terms: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for person, cells in self._cells.items():
            here, there = (
                {e.part: e.number for e in rules.entries(person, cell)} for cell in cells
            )
            for part in sorted(here.keys() | there.keys()):
                if rules.part_tally[part].kind is Kind.COUNT:
                    terms[part].append((person, here.get(part, 0), there.get(part, 0)))
        for part, adds in terms.items():
            tally, limit = rules.part_tally[part], rules.part_limit[part]
            most = limit + _most_over(tally, rules.allowed(rules.part_key[part]))
            least = without.counters.get(part, rules.part_start[part])[0]
            if least + sum(max(stay, go) for _, stay, go in adds) > most:
                total = sum(stay + (go - stay) * self._goes[p] for p, stay, go in adds)
                self._model.add(least + total <= most)

    def _broken(self, staying: Collection[int]) -> Iterator[list[int]]:
        """People who may not all be where they are in this end."""
        for without in self._without:
            end = without.copy()
            at = {p: cells[p not in staying] for p, cells in self._cells.items()}
            for person, cell in at.items():
                end.enter(person, cell)
            allowed = end.rules.allowed
            for key in sorted(key for key, n in end.amounts.items() if n > allowed(key)):
                yield self._who_adds(end, at, key)

    def _who_adds(self, end: Occupancy, at: Mapping[int, int], key: Key) -> list[int]:
        """Of those who add to a key and need not, a smallest set that breaks it; all if a low."""
        here = [p for p, cells in self._cells.items() if self._is_choice(end.rules, p, cells, key)]
        if key.is_low:
            return here
        adding = [p for p in here if key in end.rules.keys(p, at[p])]
        state = end.copy()
        needed: list[int] = []
        for person in adding:
            state.leave(person, at[person])
            if state.amount(key) <= end.rules.allowed(key):
                state.enter(person, at[person])
                needed.append(person)
        return needed

    def _is_choice(self, rules: Rules, person: int, cells: tuple[int, int], key: Key) -> bool:
        """True where going or staying decides whether the person adds to the key."""
        here, there = (key in rules.keys(person, cell) for cell in cells)
        return here != there

    def _forbid(self, people: Sequence[int], staying: Collection[int]) -> None:
        literals = [self._goes[p] if p in staying else ~self._goes[p] for p in people]
        self._model.add_bool_or(literals)


def _most_over(tally: Tally, allowed: int) -> int:
    """The largest number over a limit whose amount is allowed."""
    over = 0
    while tally.amount([over + 1], 0) <= allowed:
        over += 1
    return over
