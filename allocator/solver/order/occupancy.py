"""Who is where on the way, with the amount of every rule kept up to date.

A person who is on the way between two cells is in both.
"""

from collections.abc import Collection, Mapping, Sequence

from allocator.solver.order.rules import Entry, Key, Meeting, Rules
from allocator.solver.order.tallies import NOWHERE


class Occupancy:
    """Everybody's cells, none for people who are in no cell, and what is broken where."""

    def __init__(self, rules: Rules, like: "Occupancy | None" = None) -> None:
        self.rules = rules
        self.where: list[tuple[int, ...]]
        self.amounts: dict[Key, int]
        self.counters: dict[int, list[int]] = {}
        self.part_amounts: dict[int, int] = {}
        if like is None:
            current = rules.instance.current.tolist()
            self.where = [(cell,) if cell >= 0 else () for cell in current]
            self.amounts = dict(rules.start_amounts)
        else:
            keys = rules.part_key
            self.where = list(like.where)
            self.amounts = {key: n for key, n in like.amounts.items() if rules.is_live(key)}
            self.counters = {
                part: list(n) for part, n in like.counters.items() if rules.is_live(keys[part])
            }
            self.part_amounts = {part: like.part_amounts[part] for part in self.counters}

    def copy(self) -> "Occupancy":
        """The same people in the same cells, to be changed apart."""
        return Occupancy(self.rules, self)

    def focused(self, goals: Mapping[int, Collection[int]]) -> "Occupancy":
        """The same state for looking at some people only, who go to these cells and no others.

        With all of them in all their cells at once, a key that is allowed even so is left out:
        upper limits only grow with people, so that nothing they do can break it.
        """
        widest = self.copy()
        for person, cells in goals.items():
            for cell in cells:
                widest.enter(person, cell)
        live = (key for key, n in widest.amounts.items() if n > self.rules.allowed(key))
        return Occupancy(self.rules.focused(frozenset(live)), self)

    def amount(self, key: Key) -> int:
        """Amount of a rule at a place."""
        return self.amounts.get(key, 0)

    def enter(self, person: int, cell: int) -> list[Key]:
        """Put a person into one more cell; the keys whose amount is then too large.

        Lower limits are looked at by `too_low`, when everybody has arrived.
        """
        if cell == NOWHERE:
            return []
        touched = self._count(person, cell, 1)
        for key in self._pair_keys(person, cell):
            self.amounts[key] = self.amount(key) + 1
            touched.append(key)
        self.where[person] = (*self.where[person], cell)
        return [k for k in touched if not k.is_low and self.amount(k) > self.rules.allowed(k)]

    def would_break(self, person: int, cell: int) -> list[Key]:
        """What `enter` would return, each key once; nothing is changed."""
        if cell == NOWHERE:
            return []
        allowed, more = self.rules.allowed, dict[Key, int]()
        entries = self._own_entries(person, cell)
        changes = self._shift(entries, 1)
        self._shift(entries, -1)
        for key, change in (*changes, *((key, 1) for key in self._pair_keys(person, cell))):
            more[key] = more.get(key, 0) + change
        return [k for k, n in more.items() if not k.is_low and self.amount(k) + n > allowed(k)]

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
        if not self.rules.has_low(person, cell):
            return []
        keys = (self.rules.part_key[entry.part] for entry in self.rules.entries(person, cell))
        return [k for k in keys if k.is_low and self.amount(k) > self.rules.allowed(k)]

    def keys(self, person: int, cell: int) -> list[Key]:
        """Keys to which the person adds in the cell, as everybody stands."""
        found = [self.rules.part_key[entry.part] for entry in self.rules.entries(person, cell)]
        found.extend(meeting.key for meeting in self._met(person, cell))
        return found

    def _count(self, person: int, cell: int, sign: int) -> list[Key]:
        """Change the counters that no other cell of the person's is part of."""
        changes = self._shift(self._own_entries(person, cell), sign)
        for key, change in changes:
            if change:
                self.amounts[key] = self.amount(key) + change
        return [key for key, _ in changes]

    def _shift(self, entries: Sequence[Entry], sign: int) -> list[tuple[Key, int]]:
        """Change counters, not the amounts of keys; these and what they would change by."""
        rules, counters, known = self.rules, self.counters, self.part_amounts
        keys, tallies, limits = rules.part_key, rules.part_tally, rules.part_limit
        changes: list[tuple[Key, int]] = []
        for part, position, number in entries:
            before = known[part] if part in known else self._part_amount(part)
            counter = counters[part]
            counter[position] += sign * number
            known[part] = after = tallies[part].amount(counter, limits[part])
            changes.append((keys[part], after - before))
        return changes

    def _own_entries(self, person: int, cell: int) -> Sequence[Entry]:
        """What the person adds to counters that no other cell of theirs is part of."""
        entries, others = self.rules.entries, self.where[person]
        if not others:
            return entries(person, cell)
        held = {e.part for other in others for e in entries(person, other)}
        return [entry for entry in entries(person, cell) if entry.part not in held]

    def _part_amount(self, part: int) -> int:
        """Amount that one counter adds to its key; the counter exists from then on."""
        rules = self.rules
        if part not in self.counters:
            counter = self.counters[part] = list(rules.part_start[part])
            self.part_amounts[part] = rules.part_tally[part].amount(counter, rules.part_limit[part])
        return self.part_amounts[part]

    def _pair_keys(self, person: int, cell: int) -> list[Key]:
        """Keys of pairs that meet by the person's being in the cell and by nothing else."""
        others = self.where[person]
        return [
            meeting.key
            for meeting in self._met(person, cell)
            if all(meeting.units[c] != meeting.unit for c in others)
        ]

    def _met(self, person: int, cell: int) -> list[Meeting]:
        """Partners who are in the unit of the cell in which the two may not be both."""
        where, found = self.where, []
        for meeting in self.rules.meetings(person, cell):
            _, units, unit, _ = meeting
            for c in where[meeting[0]]:
                if units[c] == unit:
                    found.append(meeting)
                    break
        return found
