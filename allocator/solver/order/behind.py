"""Whoever rounds leave behind, ordered whole from where everybody then is.

A round carries one free place from cell to cell and ends where its way is longer than a window. Of
a plan that hangs together for longer than that, much is at home after all rounds; what is left has
become rings that share nothing any more, each short enough for a window with one person waiting, or
with some more.
"""

from allocator.solver.order.attempt import Attempt, Block, overdue_by
from allocator.solver.order.knots import find_knots
from allocator.solver.order.lifts import Group
from allocator.solver.order.patience import Patience
from allocator.solver.order.rounds import Rounds
from allocator.solver.order.shorter import fits_window, shorten
from allocator.solver.order.stops import stops_of
from allocator.solver.order.windows import parts_of


def order_behind(found: Rounds, patience: Patience) -> None:
    """Add rounds of people who are still pending, as many as are found and fit into a window."""
    at = found.now
    targets = {person: found.walk.targets[person] for person in found.walk.pending}
    stops = stops_of(at, targets)
    for knot in find_knots(at, targets):
        ordered = Group(at, knot, stops, overdue_by(at.rules), patience).solve()
        whole = Attempt([Block(ordered.actions or ordered.best, at)])
        shorter, _ = shorten(whole, knot, patience)
        for part in parts_of(shorter.blocks[0]):
            if not fits_window(found.now, part) or not found.remake(part):
                break
