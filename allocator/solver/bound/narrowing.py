"""What the bound of one tier leaves of the reference, for itself and for later tiers.

An option whose share brings a tier over its cap, whoever else leaves, is in no placement within
the cap. Later tiers hold the cap too, so they need not look at the option again: what exposure
leaves of a night's 33,000 options at 300 people is a few hundred.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.home import Home


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Options that placements within some caps can use.

    Parameters
    ----------
    caps : shape (k + 1,), values of the tiers up to k that the placements stay within.
    options, may_leave : as of `Home`, shapes (n, m) and (n,); every cell is a kind of its own.
    """

    caps: IntArray
    options: BoolArray
    may_leave: BoolArray


def kept_of(home: Home, caps: IntArray, most: int) -> Kept:
    """What is left of `home` for placements within `caps` and at most `most` in the next tier."""
    return Kept(np.append(caps, most), home.options, home.may_leave)


def narrowed(home: Home, kept: Iterable[Kept], below: IntArray) -> Home:
    """The reference less what earlier bounds took out under caps that still hold.

    Parameters
    ----------
    below : shape (tier + 1,), values that the tiers have to stay within.
    """
    for one in kept:
        if len(one.caps) <= len(below) and np.all(below[: len(one.caps)] <= one.caps):
            options, may_leave = home.options & one.options, home.may_leave & one.may_leave
            home = replace(home, options=options, may_leave=may_leave)
    return home
