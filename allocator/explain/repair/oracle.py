"""Which signatures are enough: search finds a placement, or a proof says that there is none."""

from dataclasses import dataclass, replace

from allocator.explain.repair.minimal_sets import Reply, Set
from allocator.explain.repair.problem import Problem
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray, Placed
from allocator.model.vocabulary import Tier
from allocator.solver.complete import complete
from allocator.solver.counting import Counting
from allocator.solver.options import Effort, Solution, SolveOptions
from allocator.solver.solve import solve

QUICK = SolveOptions(effort=Effort.QUICK)
FIRST_LOOK = 0.05
MOST_LONG_LOOKS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Fewest:
    """The fewest people without a place: proven to lie from `least` to `found`."""

    least: int
    found: int

    @property
    def is_proven(self) -> bool:
        """True when no placement leaves fewer out."""
        return self.least == self.found


class Oracle:
    """Answers about one problem, each question once.

    Parameters
    ----------
    most_left : people who may be without a place.
    """

    def __init__(self, problem: Problem, most_left: int) -> None:
        self.problem = problem
        self.most_left = most_left
        self.counting = Counting(problem.instance, problem.guarded())
        self._witnesses: dict[Set, IntArray] = {}
        self._latest: IntArray | None = None
        self._long_looks = 0

    def ask(self, signed: Set) -> Reply:
        """Are these signatures enough? `used` are those that a placement found needs."""
        if self.counting.refutes(signed, self.most_left, deterministic=FIRST_LOOK):
            return Reply(enough=False)
        instance = self.problem.signed(signed)
        for seed, start in ((1, None), (2, self._latest)):
            solution = solve(instance, replace(QUICK, seed=seed), start=start)
            if is_within(solution, self.problem, self.most_left):
                return self._enough(solution.placement)
        if self.counting.refutes(signed, self.most_left):
            return Reply(enough=False)
        whole = complete(without_priced(instance), self.most_left)
        if whole.placement is not None:
            return self._enough(whole.placement)
        return (
            Reply(enough=False) if whole.verdict is Verdict.INFEASIBLE else self._look_long(signed)
        )

    def _look_long(self, signed: Set) -> Reply:
        """A longer search, for the first few sets that nothing has decided."""
        if self._long_looks < MOST_LONG_LOOKS:
            self._long_looks += 1
            solution = solve(self.problem.signed(signed), SolveOptions(), start=self._latest)
            if is_within(solution, self.problem, self.most_left):
                return self._enough(solution.placement)
        return Reply(enough=None)

    def witness(self, signed: Set) -> IntArray:
        """A placement that needs exactly these signatures; only for sets in an earlier answer."""
        return self._witnesses[signed]

    def _enough(self, placement: IntArray) -> Reply:
        needed = self.problem.needed_groups(placement)
        self._witnesses.setdefault(needed, placement)
        self._latest = placement
        return Reply(enough=True, used=needed)


def is_within(solution: Solution, problem: Problem, most_left: int) -> bool:
    """True when a solution leaves at most so many people out and breaks nothing that holds."""
    lawful = solution.verdict in {Verdict.OPTIMAL, Verdict.FEASIBLE}
    return lawful and left_out(problem, solution) <= most_left


def left_out(problem: Problem, solution: Solution) -> int:
    """People without a place."""
    return solution.values[tier_of(problem, Tier.UNPLACED)]


def fewest_left(problem: Problem, signed: Set, solution: Solution) -> Fewest:
    """What is known of the fewest people without a place when some groups are signed."""
    found = left_out(problem, solution)
    least = solution.bounds[tier_of(problem, Tier.UNPLACED)] or 0
    if least < found:
        least = max(least, Counting(problem.instance, problem.guarded()).least_left(signed))
    return Fewest(least, found)


def without_priced(instance: Instance) -> Instance:
    """An instance with the shapes that hold, and the price of being without a place."""
    held = (s for s in instance.shapes if isinstance(s, Placed) or getattr(s, "penalty", 0) is None)
    return replace(instance, shapes=tuple(held))


def tier_of(problem: Problem, tier: Tier) -> int:
    """Position of a tier among the values of a solution."""
    return [setting.tier for setting in problem.instance.tiers].index(tier)
