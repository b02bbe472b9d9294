"""The fewest people of a group who have to wait on the way.

Whoever waits outside all cells hinders nobody, so waiting at once is best and letting one more
person wait never harms. People who may not all go without a wait are therefore found as cuts: a set
of people that cannot do it is grown until nobody can be added, and one of the others has to wait.
A smallest set that meets all cuts is a lower bound of temporary steps; one that can be carried out
in real cells and in time is an answer.
"""

from collections.abc import Callable, Mapping, Sequence

from allocator.solver.order.actions import are_safe
from allocator.solver.order.cover import smallest_cover
from allocator.solver.order.deadlocks import find_deadlock, smallest_deadlock
from allocator.solver.order.escorts import Action, who_waits
from allocator.solver.order.found import Found
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.patience import Patience
from allocator.solver.order.search import Search, goals_of
from allocator.solver.order.tallies import NOWHERE
from allocator.solver.order.together import wait_together
from allocator.solver.order.waiting import wait_at_once

Overdue = Callable[[Occupancy, Sequence[Action]], frozenset[int]]
FIRST_TRIES = 40_000
NEXT_TRIES = 8_000
MOST_ROUNDS = 60
MOST_IN_TIME = 6  # sets of people that are tried where they may wait for too long
TRIALS_OF_ONE = 4
MOST_STOPS_FIRST = 4
MOST_OTHERS = 3
FEW_PEOPLE = 10
MANY_PEOPLE = 20


class Group:
    """One group of people who hinder one another, as they stand.

    Parameters
    ----------
    stops : places where each may wait, -1 for the holding location; people without any left out.
    overdue : who waits in the holding location too long in an order.
    """

    def __init__(
        self,
        occupancy: Occupancy,
        targets: Mapping[int, int],
        stops: Mapping[int, Sequence[int]],
        overdue: Overdue,
        patience: Patience,
    ) -> None:
        self._occupancy = occupancy
        self._bare = occupancy.focused(goals_of(targets))
        self._targets = targets
        self._stops = {p: stops[p] for p in targets if stops.get(p)}
        self._overdue = overdue
        self._patience = patience
        self._trial = 1 + len(targets) // TRIALS_OF_ONE
        self._is_proved = True
        self._has_holding = any(NOWHERE in cells for cells in self._stops.values())
        self._has_tried_all = False
        self._best: tuple[Action, ...] = ()
        self._with_all: tuple[Action, ...] | None = None

    def solve(self) -> Found:
        """An order with the fewest people waiting that is found."""
        hopeless = find_deadlock(self._bare, self._targets, tuple(self._stops))
        if hopeless:
            return Found(None, 0, hopeless=hopeless)
        cuts = self._dead_cuts()
        proved, failed = list(cuts), 0
        for _ in range(MOST_ROUNDS):
            chosen = smallest_cover(cuts)
            if chosen is None or self._patience.is_over or failed == MOST_IN_TIME:
                break
            abstract = self._search(chosen, FIRST_TRIES if not chosen else NEXT_TRIES)
            if not self._run(abstract):
                self._is_proved &= abstract.is_complete
                cuts.append(self._cut(chosen))
                proved += cuts[-1:] if self._is_proved else []
                continue
            if not chosen:
                return Found(tuple(abstract.trail), 0)
            actions = self.carry_out(chosen)
            if actions is not None:
                return Found(actions, self._bound(proved))
            if len(self._targets) > MANY_PEOPLE:
                others = self._by_others(cuts, chosen)
                if others is not None:
                    return Found(others, self._bound(proved))
                return self._widened(chosen, self._bound(proved))
            if not self._has_holding and self._if_all_wait() is None:
                break
            cuts.append(frozenset(self._stops) - set(chosen))
            failed += self._has_holding
        return self._whatever(self._bound(proved))

    def _bound(self, proved: Sequence[frozenset[int]]) -> int:
        """Empty cuts bound nothing: there is no order to count the steps of."""
        return len(smallest_cover([cut for cut in proved if cut]) or ())

    def _whatever(self, bound: int) -> Found:
        """Anybody may wait; then fewer, one by one."""
        everybody = tuple(self._stops)
        together = self._all_wait_together()
        actions = together or self._if_all_wait()
        if actions is None:
            return Found(None, bound, self._most_home(everybody))
        chosen = who_waits(actions) if together else everybody
        for person in chosen:
            fewer = tuple(p for p in chosen if p != person)
            found = None if self._patience.is_over else self.carry_out(fewer)
            if found is not None:
                chosen, actions = fewer, found
        return Found(actions, bound)

    def _by_others(
        self, cuts: Sequence[frozenset[int]], chosen: Sequence[int]
    ) -> tuple[Action, ...] | None:
        """Many people: others who meet all cuts, as no cell may be open to the chosen."""
        banned = frozenset(chosen)
        for _ in range(MOST_OTHERS):
            others = smallest_cover([cut - banned for cut in cuts])
            if others is None or self._patience.is_over:
                return None
            actions = self.carry_out(others)
            if actions is not None:
                return actions
            banned |= frozenset(others)
        return None

    def _widened(self, chosen: Sequence[int], bound: int) -> Found:
        """Many people: as many as go straight; or whoever the best attempt leaves; or that."""
        together = self._all_wait_together()
        if together is not None:
            return Found(together, bound)
        home = {go.person for action in self._best for go in action}
        left = [person for person in self._stops if person not in home]
        actions = self.carry_out(tuple(sorted({*chosen, *left})))
        return Found(actions, bound, self._best)

    def _dead_cuts(self) -> list[frozenset[int]]:
        """Dead sets until somebody of each waits; an empty cut is a set of which nobody can."""
        cuts: list[frozenset[int]] = []
        while True:
            chosen = smallest_cover(cuts)
            if chosen is None:
                return cuts
            if self._patience.is_over:
                return cuts
            least, tried = smallest_deadlock(
                self._bare, self._targets, chosen, self._patience.left // self._trial
            )
            self._patience.left -= tried * self._trial
            if not least:
                return cuts
            cuts.append(frozenset(least & self._stops.keys()) - set(chosen))

    def _if_all_wait(self) -> tuple[Action, ...] | None:
        """An order in which everybody may wait who can; None for none."""
        if not self._has_tried_all:
            self._with_all = self.carry_out(tuple(self._stops))
            self._has_tried_all = True
        return self._with_all

    def _all_wait_together(self) -> tuple[Action, ...] | None:
        """An order in which whoever waits goes to the holding location first, all at once."""
        may_wait = {p for p, cells in self._stops.items() if NOWHERE in cells}
        actions = wait_together(self._bare, self._targets, may_wait) if may_wait else None
        if actions is None or not are_safe(self._occupancy, actions):
            return None
        return None if self._overdue(self._occupancy, actions) else tuple(actions)

    def _cut(self, chosen: Sequence[int]) -> frozenset[int]:
        """Of these people one has to wait besides the chosen, who are not enough."""
        grown = list(chosen)
        for person in self._stops:
            if person not in grown and not self._patience.is_over:
                search = self._search((*grown, person), NEXT_TRIES)
                if not self._run(search):
                    self._is_proved &= search.is_complete
                    grown.append(person)
        return frozenset(self._stops) - set(grown)

    def _budget(self, tries: int) -> int:
        """Nodes of a search: enough to go as deep as there are people, whatever their number."""
        return len(self._targets) + tries // len(self._targets)

    @property
    def _most_work(self) -> int:
        return self._patience.of_search(len(self._targets))

    def _run(self, search: Search) -> bool:
        """Run a search at the cost of patience; True where everybody came home."""
        is_found = search.run()
        self._patience.left -= search.work
        return is_found

    def _search(self, chosen: Sequence[int], tries: int) -> Search:
        waits = dict.fromkeys(chosen, (NOWHERE,))
        return Search(
            self._bare.copy(), self._targets, waits,
            is_abstract=True, budget=self._budget(tries), most_work=self._most_work,
        )  # fmt: skip

    def carry_out(self, chosen: Sequence[int]) -> tuple[Action, ...] | None:
        """An order in which only the chosen wait, in real places and not too long; None for none.

        A person who would wait too long in the holding location waits elsewhere, if anywhere. The
        last try is that all of the chosen wait in it at once: the more do, the shorter each.
        """
        stops = {p: self._stops[p] for p in chosen}
        found = self._in_cells_and_time(stops)
        if found is None and stops and all(NOWHERE in cells for cells in stops.values()):
            search = self._search(chosen, NEXT_TRIES)
            if self._run(search) and not self._overdue(self._occupancy, search.trail):
                return tuple(search.trail)
        return found

    def wait_first(self, chosen: Sequence[int]) -> tuple[Action, ...] | None:
        """An order in which all of the chosen wait before all others move; None for none found."""
        found = self._all_wait_first({p: self._stops[p] for p in chosen})
        return None if found is None or self._overdue(self._occupancy, found) else found

    def _in_cells_and_time(self, stops: Mapping[int, Sequence[int]]) -> tuple[Action, ...] | None:
        for _ in range(len(stops) + 1):
            actions = self._in_places(stops)
            if actions is None:
                return None
            late = self._overdue(self._occupancy, actions)
            if not late:
                return actions
            stops = {
                p: tuple(c for c in cells if c != NOWHERE or p not in late)
                for p, cells in stops.items()
            }
        return None

    def _in_places(self, stops: Mapping[int, Sequence[int]]) -> tuple[Action, ...] | None:
        if len(self._targets) > FEW_PEOPLE:
            waiting = self._all_wait_first(stops)
            if waiting is not None:
                return waiting
        ways = (True, False) if len(self._targets) <= FEW_PEOPLE else (True,)
        for is_eager in ways:
            search = self._real(stops, is_eager=is_eager)
            if self._run(search):
                return tuple(search.trail)
            is_better = self._home(search.best) > self._home(self._best)
            if is_better and not self._overdue(self._occupancy, search.best):
                self._best = search.best
        return None

    def _all_wait_first(self, stops: Mapping[int, Sequence[int]]) -> tuple[Action, ...] | None:
        """An order in which whoever waits does so before all others move; None for none found.

        A free move may fill the cell in which somebody could have waited.
        """
        for skipped in range(MOST_STOPS_FIRST if stops else 0):
            at = self._occupancy.focused(goals_of(self._targets, stops))
            made = wait_at_once(at, stops, skipped)
            if made is None:
                return None
            search = Search(
                at, self._targets, {}, budget=self._budget(NEXT_TRIES), most_work=self._most_work
            )
            if self._run(search):
                return (*made, *search.trail)
        return None

    def _most_home(self, everybody: Sequence[int]) -> tuple[Action, ...]:
        stops = {p: self._stops[p] for p in everybody}
        without = {p: tuple(c for c in cells if c != NOWHERE) for p, cells in stops.items()}
        best: tuple[Action, ...] = ()
        for places in (without, stops):
            search = self._real(places, is_eager=len(self._targets) > FEW_PEOPLE)
            self._run(search)
            actions = search.best
            if self._home(actions) > self._home(best) and not self._overdue(
                self._occupancy, actions
            ):
                best = actions
        return best

    def _home(self, actions: Sequence[Action]) -> int:
        return sum(go.destination == self._targets[go.person] for a in actions for go in a)

    def _real(self, stops: Mapping[int, Sequence[int]], *, is_eager: bool) -> Search:
        return Search(
            self._occupancy.focused(goals_of(self._targets, stops)), self._targets, stops,
            is_eager=is_eager, budget=self._budget(NEXT_TRIES), most_work=self._most_work,
        )  # fmt: skip
