r"""R27: facility transfers only along legally open pairs and with notice.

For a person whose present cell or virtual place is in facility :math:`f`, notified :math:`n_p` days
ago (never: :math:`-\infty`), and a cell in facility :math:`g \ne f`:

.. math:: x_{p,c} \le [(f, g) \text{ open}] \cdot
          [\text{notice}_{fg} = 0 \lor n_p \ge \text{notice}_{fg}]

A pair that is not listed is closed.

Amount of a breach: 1 per person.

References
----------
.. [1] Rodić and others v Bosnia and Herzegovina, 22893/05: the law on transfers, facts.
"""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.shapes import Eligible, Penalty
from allocator.rules._common import barred_blocks

RULE = RuleId.TRANSFERS

Sender = tuple[str | None, int | None]


def compile_rule(index: ScenarioIndex, penalty: Penalty | None) -> Iterator[Eligible]:
    """One block per facility left and notice given."""
    estate = index.scenario.estate
    notice_of = {
        (pair.from_facility, pair.to_facility): pair.notice_days
        for pair in estate.transfer_pairs
        if pair.is_open
    }

    def is_closed(sender: Sender, to_facility: str) -> bool:
        from_facility, days_notified = sender
        if from_facility is None or from_facility == to_facility:
            return False
        notice = notice_of.get((from_facility, to_facility))
        if notice is None:
            return True
        return notice > 0 and (days_notified is None or days_notified < notice)

    yield from barred_blocks(
        index,
        RULE,
        penalty,
        "facilities to which no transfer is open yet",
        lambda person: _sender_of(index, person),
        lambda cell: estate.facility_of(cell).unit_id,
        is_closed,
    )


def _sender_of(index: ScenarioIndex, person: Person) -> Sender:
    """Facility a person would leave, and days since notice of a transfer was given."""
    estate, day = index.scenario.estate, index.scenario.day
    place = person.current_place or ""
    cell, virtual = estate.cell_by_id.get(place), estate.virtual_by_id.get(place)
    notified_at = person.transfer_notice_at
    days = None if notified_at is None else (day - notified_at).days
    if cell is not None:
        return estate.facility_of(cell).unit_id, days
    return (None, None) if virtual is None else (virtual.facility_id, days)
