"""Sending scouts before a tier's long chains cool: several starts, then on from the best.

Where a few people hold half of a tier's points, their units decide the value more than everything
else, and a cooling chain cannot change them once the others have settled around them: it ends in
the basin where it was when it began to settle. Which basin scouts come to depends on where they
start; so they start from several deals, and a few scouts tell which is worth going on from.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from allocator.model.shapes import IntArray
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import FORBIDDEN, Chain, Schedule
from allocator.solver.search.scouts import PER_PERSON, Field, Find, Scout
from allocator.solver.search.state import RNG
from allocator.solver.search.survey import Deal, Survey
from allocator.solver.search.trials import PHASE
from allocator.solver.tables import Tables

SHARE = 1 / 2  # of a tier's trials or seconds
DEALING_SHARE = 1 / 2  # of those
SCOUTS_A_DEAL, SCOUTS_A_ROUND = 20, 8
LOOKING_SHARE = 1 / 8  # of what scouts get, where seconds decide
MOST_LOOKS, SCOUTS_A_LOOK = 8, 4  # of each chain
SETTLING = (Schedule(0.7, 0.01, 20.0), Schedule(0.7, 0.005, FORBIDDEN))


@dataclass(eq=False)
class Allowance:
    """How many scouts each chain may still send: by trials, or by seconds where these decide.

    Parameters
    ----------
    scouts : as many as the trials allow, when `seconds` is None.
    """

    scouts: int
    seconds: float | None
    began: float
    done: int = 0

    @classmethod
    def of(cls, t: Tables, trials: int, seconds: float | None) -> "Allowance":
        """A share of a tier's trials or seconds, from now on."""
        scouts = int(SHARE * trials) // (PER_PERSON * len(t.places))
        return cls(scouts, None if seconds is None else SHARE * seconds, time.monotonic())

    @property
    def spent(self) -> float:
        """Share of the seconds that has been used up, 0 where trials decide."""
        return (time.monotonic() - self.began) / self.seconds if self.seconds else 0.0

    def restart(self) -> None:
        """What is left is for scouts, whose pace counts from now on."""
        now = time.monotonic()
        if self.seconds is not None:
            self.seconds -= now - self.began
        self.began = now

    def looks(self) -> int:
        """How often each chain may look around before scouts are sent."""
        return MOST_LOOKS if self.seconds else min(MOST_LOOKS, 1 + self.scouts // SCOUTS_A_LOOK)

    def left(self, share: float = 1.0) -> int:
        """Scouts of each chain until a share of all is used up; the first one tells the pace."""
        if self.seconds is None:
            return int(share * self.scouts) - self.done
        if self.done == 0:
            return int(self.seconds > 0.0)
        spent = time.monotonic() - self.began
        return int((share * self.seconds - spent) * self.done / max(1e-6, spent))


def send_scouts(
    field: Field,
    chains: Sequence[Chain],
    allowance: Allowance,
    pool: Executor,
    goes_on: Callable[[], bool],
) -> list[Find]:
    """Scouts from every chain; the best find for each, nothing where there is no time.

    They first go where a survey found it cheap for the heavy people to be, or out from where the
    chains are if there is none; when no more such deals are left, the heavy are dealt at random.
    """
    if allowance.left() <= 0 or not goes_on():
        return []
    state = chains[0].state.flat
    scouts = Scout.start(field, chains, abs(int(state[state[RNG]])))
    start, finds = chains[0].state.place.copy(), list[Find]()
    deals = _survey(field, scouts, allowance, pool)

    def go(number: int) -> None:
        list(pool.map(lambda scout: scout.go(number), scouts))
        allowance.done += number
        finds.extend(scout.best for scout in scouts)

    for scout in scouts:
        scout.follow(start, deals.pop(0)) if deals else scout.set_out()
    go(1)
    if (number := min(SCOUTS_A_DEAL - 1, allowance.left())) > 0 and goes_on():
        go(number)
    while allowance.left(DEALING_SHARE) >= SCOUTS_A_DEAL and goes_on():
        start = scouts[-1].best_of(finds).placement
        for scout in scouts:
            scout.follow(start, deals.pop(0)) if deals else scout.deal(start)
        go(SCOUTS_A_DEAL)
    while (number := min(SCOUTS_A_ROUND, allowance.left())) > 0 and goes_on():
        for scout in scouts:
            scout.best = scout.best_of(finds)
        finds.clear()
        go(number)
    return [scout.best_of(finds) for scout in scouts]


def _survey(
    field: Field, scouts: Sequence[Scout], allowance: Allowance, pool: Executor
) -> list[Deal]:
    """Deals found from where the chains are, no two worth the same, the best one first.

    One of the looks begins where people are, all others somewhere else.
    """
    chain = scouts[0].chain
    survey = Survey.start(field.tables, int(chain.rule[PHASE]), chain.state.place, field.heavy)
    if survey is None:
        return []
    deals: dict[float, Deal] = {}
    for turn in range(allowance.looks()):
        if turn > 0 and allowance.spent > LOOKING_SHARE:
            break
        shaken = [turn > 0 or scout is not scouts[0] for scout in scouts]
        states = [scout.chain.state.flat for scout in scouts]
        for deal in pool.map(survey.look, states, shaken):
            deals.setdefault(deal.value, deal)
    allowance.restart()
    return sorted(deals.values(), key=lambda deal: deal.value)


def settle(t: Tables, chains: Sequence[Chain], finds: Sequence[Find]) -> None:
    """Let the first chain set out from its find, the others from theirs where within all caps.

    A find that is over a cap may never come back; so the others set out from the best placement
    within all caps that they know where no more finds are within.
    """
    within = (find.placement for find in finds[1:] if find.over == 0.0)
    starts: list[IntArray] = [finds[0].placement]
    starts += [next(within, chain.best) for chain in chains[1:]]
    for chain, start, schedule in zip(chains, starts, SETTLING, strict=True):
        load_placement(t.packed, chain.state.flat, start)
        chain.schedule = schedule
