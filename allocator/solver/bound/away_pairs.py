"""Joint changes of two people who both leave the reference, in the away model.

They are posted as: the least cost of both being elsewhere, less where both may be in one class and
want to, and products "the first goes where it costs v with the second at home, and the second
leaves" for each value v but the most common one.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.joint import JointView
from allocator.solver.cpsat.pairs import Linear


class AwayPairs:
    """Posts the joint changes of pairs in one tier.

    Parameters
    ----------
    away : the model. costs : terms of the tier collected so far.
    """

    def __init__(self, away: AwayModel, tier: int, costs: list[Linear]) -> None:
        self.away, self.tier, self.costs = away, tier, costs
        self.t, self.home, self.model = away.t, away.home, away.model

    def post(self, rows: IntArray) -> None:
        """Post the pairs of people who may both leave, from both of their entries each."""
        t = self.t
        if self.home.leavers < 2 and np.all(self.home.cell >= 0):
            return
        person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
        for level in np.unique(t.pair_level[rows]).tolist():
            view = JointView(t, self.home, level)
            here = t.pair_level[rows] == level
            for e, i in zip(rows[here].tolist(), person[here].tolist(), strict=True):
                j = int(t.pair_other[e])
                if i < j and i in self.away.away and j in self.away.away:
                    self._pair(view, i, j, (int(t.pair_out[e]), int(t.pair_in[e])))

    def _pair(self, view: JointView, i: int, j: int, points: tuple[int, int]) -> None:
        found = view.look(i, j, *points)
        mine, theirs = view.options[i], view.options[j]
        classes = np.unique(view.class_of[mine]), np.unique(view.class_of[theirs])
        least = found.least[np.ix_(*classes)]
        differ = classes[0][:, None] != classes[1][None, :]
        apart = int(least[differ].min()) if differ.any() else int(least.max())
        terms: list[tuple[int, Linear, Linear]] = []
        for k in np.intersect1d(*classes).tolist():
            gain = int(found.least[k, k]) - apart
            if gain < 0:
                ends = [p[view.class_of[p] == k] for p in (mine, theirs)]
                terms.append((gain, self._moves(i, ends[0]), self._moves(j, ends[1])))
        usual = _usual(found.near), _usual(found.far)
        terms += self._one_near(i, j, mine, found.near, usual[0])
        terms += self._one_near(j, i, theirs, found.far, usual[1])
        both = found.together + apart - sum(usual)
        if both or terms:
            self._post_pair((i, j), both, terms)

    def _one_near(
        self, i: int, j: int, options: IntArray, values: IntArray, usual: int
    ) -> list[tuple[int, Linear, Linear]]:
        return [
            (usual - v, self._moves(i, options[values == v]), self.away.away[j])
            for v in np.unique(values[values != usual]).tolist()
        ]

    def _moves(self, i: int, options: IntArray) -> Linear:
        """Person i goes to one of the options; the number of kinds stands for nowhere."""
        n_kinds = len(self.home.example)
        total = self.away.moves_to(i, options[options < n_kinds])
        if i in self.away.off and n_kinds in options:
            total = total + self.away.off[i]
        return total

    def _post_pair(
        self, pair: tuple[int, int], cost: int, terms: list[tuple[int, Linear, Linear]]
    ) -> None:
        """Cost of both leaving, and of products that need both to leave."""
        both = self.away.both(*pair)
        self.costs.append(cost * both)
        for number, (gain, first, second) in enumerate(terms):
            product = self.model.new_bool_var(f"joint{self.tier}_{pair[0]}_{pair[1]}_{number}")
            if gain > 0:
                self.model.add(product >= first + second - 1)
            else:
                self.model.add(product <= first)
                self.model.add(product <= second)
                self.model.add_implication(product, both)
            self.costs.append(gain * product)


def _usual(values: IntArray) -> int:
    """The most common value."""
    found, number = np.unique(values, return_counts=True)
    return int(found[np.argmax(number)])
