"""Robust tabu search among exchanges of two people, one person to a cell.

The change of every exchange is kept and brought up to date after each move, so that a step looks at
all of them. Numbers are whole, held as floats for the processor's wide instructions; they stay
exact under 2**53.

References
----------
.. [1] Taillard (1991), Robust taboo search for the quadratic assignment problem, doi
   10.1016/S0167-8191(05)80147-4: the tenures, and changes kept from step to step.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.search.state import draw_unit
from allocator.solver.search.terms import Floats

# Tables (rows, m, m). Given: points between people, contact between cells, a person's cost in a
# cell. Kept, people by people, the second one standing for the cell where that one is now: contact
# between the two cells, cost of the first in the second's cell while all others stay, change of the
# exchange, the step until which the first may not come to the second's cell, and the one until
# which neither may.
FLOW, CONTACT, COST, NEAR, ALONE, CHANGE, UNTIL, CLOSED = range(8)
TABLES = 8
# What a move changes, (5, m): by whom a person is tied to the two, and how much nearer the new
# place is to the person's; both from the person's side; and the least change with earlier people.
TIE, STEP, TIE_BACK, STEP_BACK, LEAST = range(5)
MOVES = 5
# The walk's numbers: value and best value against its start, steps made and those made when the
# best came, shortest and longest tenure, a change that is out of the question, 1 where contact has
# a direction.
VALUE, BEST, TIME, LATEST, SHORT, LONG, WALL, DIRECTED = range(8)
NUMBERS = 8


def prepare(w: Floats, z: Floats, p: IntArray) -> None:
    """Fill the kept tables for a placement; a walk begins there.

    Parameters
    ----------
    w : shape (TABLES, m, m). z : shape (NUMBERS,). p : shape (m,), cell of each person, all
        different; the last people may be made up, for empty cells.
    """
    flow, near = w[FLOW], w[CONTACT][np.ix_(p, p)]
    directed = z[DIRECTED] != 0.0
    both = (flow + flow.T) * (near + near.T) if directed else 2.0 * flow * near
    alone = w[COST][:, p] + flow @ near.T + (flow.T @ near if directed else 0.0)
    own = np.diagonal(alone)
    w[NEAR], w[ALONE] = near, alone
    w[CHANGE] = alone + alone.T - own[:, None] - own[None, :] + both
    w[UNTIL:] = 0.0
    z[[VALUE, BEST, TIME, LATEST]] = 0.0


@inner("i8(f8[:,:,::1], f8[:,::1], f8[::1], i8)", fast=True)
def _best_exchange(w: Floats, v: Floats, z: Floats, people: int) -> int:
    """Bring all changes up to date; the best exchange that is open as i * m + j, -1 for none.

    One that leads to the best value so far is open to everybody. The least of each column is
    kept, not of each row: only the former is done for several at once.
    """
    m, now, wish, wall = w.shape[1], z[TIME], z[BEST] - z[VALUE] - 0.5, z[WALL]
    if z[DIRECTED] != 0.0:
        _turn_back(w, v, people)
    v[LEAST] = wall
    for i in range(people):
        change, closed, least = w[CHANGE, i, i + 1 :], w[CLOSED, i, i + 1 :], v[LEAST, i + 1 :]
        tie, step, a, b = v[TIE, i + 1 :], v[STEP, i + 1 :], v[TIE, i], v[STEP, i]
        for j in range(len(change)):
            x = change[j] - (a - tie[j]) * (b - step[j])
            change[j] = x
            here = x if (closed[j] <= now) | (x < wish) else wall
            least[j] = here if here < least[j] else least[j]  # noqa: FURB136 - a call of min is slower
    j = int(np.argmin(v[LEAST]))
    if v[LEAST, j] >= wall:
        return -1
    for i in range(min(people, j)):
        x = w[CHANGE, i, j]
        if x == v[LEAST, j] and (w[CLOSED, i, j] <= now or x < wish):
            return i * m + j
    return -1


@inner("void(f8[:,:,::1], f8[:,::1], i8)", fast=True)
def _turn_back(w: Floats, v: Floats, people: int) -> None:
    """Bring up to date what the last move changed from the persons' side."""
    for i in range(people):
        change, tie, step = w[CHANGE, i, i + 1 :], v[TIE_BACK, i + 1 :], v[STEP_BACK, i + 1 :]
        a, b = v[TIE_BACK, i], v[STEP_BACK, i]
        for j in range(len(change)):
            change[j] -= (a - tie[j]) * (b - step[j])


@inner("void(f8[:,:,::1], f8[:,::1], i8, i8, b1)", fast=True)
def _note_ties(w: Floats, v: Floats, r: int, s: int, directed: bool) -> None:
    """What an exchange of two people will change for the others."""
    flow, near = w[FLOW], w[NEAR]
    for k in range(w.shape[1]):
        v[TIE, k] = flow[k, r] - flow[k, s]
        v[STEP, k] = near[k, s] - near[k, r]
        if directed:
            v[TIE_BACK, k] = flow[r, k] - flow[s, k]
            v[STEP_BACK, k] = near[s, k] - near[r, k]


@compiled("void(f8[:,:,::1], f8[:,::1], i8, i8)", fast=True)
def _exchange(w: Floats, v: Floats, r: int, s: int) -> None:
    """Let two people change places: what everybody would cost everywhere, and the tables' names."""
    m, near, step, step_back = w.shape[1], w[NEAR], v[STEP], v[STEP_BACK]
    for i in range(m):
        a, b, alone = v[TIE, i], v[TIE_BACK, i], w[ALONE, i]
        if a != 0.0:
            for j in range(len(alone)):
                alone[j] += a * step[j]
        if b != 0.0:
            for j in range(len(alone)):
                alone[j] += b * step_back[j]
    for k in range(m):
        near[r, k], near[s, k] = near[s, k], near[r, k]
    for row in (NEAR, ALONE, UNTIL):
        for k in range(m):
            w[row, k, r], w[row, k, s] = w[row, k, s], w[row, k, r]


@inner("void(f8[:,:,::1], f8[:,::1], f8[::1], i8)", fast=True)
def _refresh(w: Floats, v: Floats, z: Floats, r: int) -> None:
    """Price the exchanges of one of the two anew, less what the next step will take from all."""
    flow, near, alone = w[FLOW], w[NEAR], w[ALONE]
    for k in range(w.shape[1]):
        both = 2.0 * flow[r, k] * near[r, k]
        extra = (v[TIE, r] - v[TIE, k]) * (v[STEP, r] - v[STEP, k])
        if z[DIRECTED] != 0.0:
            both = (flow[r, k] + flow[k, r]) * (near[r, k] + near[k, r])
            extra += (v[TIE_BACK, r] - v[TIE_BACK, k]) * (v[STEP_BACK, r] - v[STEP_BACK, k])
        x = alone[r, k] + alone[k, r] - alone[r, r] - alone[k, k] + both + extra
        until = min(w[UNTIL, r, k], w[UNTIL, k, r])
        w[CHANGE, r, k], w[CHANGE, k, r] = x, x
        w[CLOSED, r, k], w[CLOSED, k, r] = until, until


@compiled(
    "void(f8[:,:,::1], f8[:,::1], f8[::1], i8[::1], i8[::1], i8[::1], i8, i8)", allocates=True
)
def walk(  # noqa: PLR0913, PLR0917 - a compiled function takes no structures
    w: Floats,
    v: Floats,
    z: Floats,
    s: IntArray,
    p: IntArray,
    best: IntArray,
    people: int,
    steps: int,
) -> None:
    """Go on for some steps, each the best exchange that is open; the best placement to `best`.

    Parameters
    ----------
    w, z, p : as `prepare` left them. v : shape (MOVES, m), zeros at the start of a walk.
    s : a state, for its random numbers. best : shape (m,). people : how many of the m are real.
    """
    for _ in range(steps):
        z[TIME] += 1.0
        pair = _best_exchange(w, v, z, people)
        if pair < 0:
            v[:] = 0.0
            continue
        i, j = pair // w.shape[1], pair % w.shape[1]
        z[VALUE] += w[CHANGE, i, j]
        _note_ties(w, v, i, j, z[DIRECTED] != 0.0)
        _exchange(w, v, i, j)
        p[i], p[j] = p[j], p[i]
        w[UNTIL, i, j] = z[TIME] + z[SHORT] + (z[LONG] - z[SHORT]) * draw_unit(s)
        w[UNTIL, j, i] = z[TIME] + z[SHORT] + (z[LONG] - z[SHORT]) * draw_unit(s)
        _refresh(w, v, z, i)
        _refresh(w, v, z, j)
        if z[VALUE] < z[BEST]:
            z[BEST], z[LATEST] = z[VALUE], z[TIME]
            best[:] = p
