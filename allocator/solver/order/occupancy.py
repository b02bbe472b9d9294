"""Who is where on the way, with the amount of every rule kept up to date.

A person who is on the way between two cells is in both.
"""

from collections import Counter
from collections.abc import Iterator

from allocator.solver.order.rules import Key, Partner, Rules
from allocator.solver.order.tallies import NOWHERE


class Occupancy:
    """Everybody's cells, none for people who are in no cell, and what is broken where."""

    def __init__(self, rules: Rules, like: "Occupancy | None" = None) -> None:
        self.rules = rules
        self.where: list[tuple[int, ...]]
        self.amounts: Counter[Key]
        self.counters: dict[int, list[int]] = {}
        if like is None:
            current = rules.instance.current.tolist()
            self.where = [(cell,) if cell >= 0 else () for cell in current]
            self.amounts = Counter(rules.start_amounts)
        else:
            self.where, self.amounts = list(like.where), like.amounts.copy()
            self.counters = {part: list(counter) for part, counter in like.counters.items()}

    def copy(self) -> "Occupancy":
        """The same people in the same cells, to be changed apart."""
        return Occupancy(self.rules, self)

    def enter(self, person: int, cell: int) -> list[Key]:
        """Put a person into one more cell; the keys whose amount is then too large.

        Lower limits are looked at by `too_low`, when everybody has arrived.
        """
        if cell == NOWHERE:
            return []
        touched = self._count(person, cell, 1)
        for key in self._pair_keys(person, cell):
            self.amounts[key] += 1
            touched.append(key)
        self.where[person] = (*self.where[person], cell)
        return [k for k in touched if not k.is_low and self.amounts[k] > self.rules.allowed(k)]

    def leave(self, person: int, cell: int) -> None:
        """Take a person out of one of the cells."""
        if cell == NOWHERE:
            return
        cells = list(self.where[person])
        cells.remove(cell)
        self.where[person] = tuple(cells)
        self._count(person, cell, -1)
        for key in self._pair_keys(person, cell):
            self.amounts[key] -= 1

    def too_low(self, person: int, cell: int) -> list[Key]:
        """Lower limits at a cell, of those that count the person, that are not met."""
        keys = (self.rules.part_key[entry.part] for entry in self.rules.entries(person, cell))
        return [k for k in keys if k.is_low and self.amounts[k] > self.rules.allowed(k)]

    def keys(self, person: int, cell: int) -> list[Key]:
        """Keys to which the person adds in the cell, as everybody stands."""
        found = [self.rules.part_key[entry.part] for entry in self.rules.entries(person, cell)]
        found.extend(key for _, key in self._pairs(person, cell))
        return found

    def _count(self, person: int, cell: int, sign: int) -> list[Key]:
        """Change the counters that no other cell of the person's is part of."""
        rules = self.rules
        held = {e.part for other in self.where[person] for e in rules.entries(person, other)}
        touched: list[Key] = []
        for part, position, number in rules.entries(person, cell):
            if part in held:
                continue
            counter = self.counters.get(part)
            if counter is None:
                counter = self.counters[part] = list(rules.part_start[part])
            tally, limit, key = rules.part_tally[part], rules.part_limit[part], rules.part_key[part]
            before = tally.amount(counter, limit)
            counter[position] += sign * number
            self.amounts[key] += tally.amount(counter, limit) - before
            touched.append(key)
        return touched

    def _pair_keys(self, person: int, cell: int) -> list[Key]:
        """Keys of pairs that meet by the person's being in the cell and by nothing else."""
        others = self.where[person]
        return [
            key
            for partner, key in self._pairs(person, cell)
            if all(partner.units[c] != partner.units[cell] for c in others)
        ]

    def _pairs(self, person: int, cell: int) -> Iterator[tuple[Partner, Key]]:
        where = self.where
        for partner in self.rules.partners(person):
            unit = partner.units[cell]
            if unit >= 0 and any(partner.units[c] == unit for c in where[partner.other]):
                yield partner, self.rules.place_key(partner.rule, partner.level, unit)
