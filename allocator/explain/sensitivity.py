"""How far a plan's exposure moves when the influence edges are uncertain (R41).

The plan stays as it is; only its exposure is summed again under each drawn graph
(`allocator.influence.draws`). The same seed gives every plan and every set of contact weights the
same graphs, so two plans can be compared draw by draw.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from allocator.explain.exposure import pair_contact
from allocator.explain.placements import BeforeAfter
from allocator.influence.drawn_points import DrawnPairs, drawn_points
from allocator.influence.draws import EdgeDraws, recorded_graph
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import ExposureKind
from allocator.prepare.contact import contact_tables

PERCENT = (5, 95)


def drawn_changes(scenario: Scenario, draws: EdgeDraws) -> Mapping[ExposureKind, DrawnPairs]:
    """Points of each draw less those of the record, for the pairs that a draw can change."""
    recorded = drawn_points(scenario, recorded_graph(scenario))
    return {
        kind: replace(drawn, points=drawn.points - recorded[kind].points)
        for kind, drawn in drawn_points(scenario, draws).items()
    }


def exposure_draws(
    placed: BeforeAfter,
    changes: Mapping[ExposureKind, DrawnPairs],
    exposure: Mapping[ExposureKind, int],
) -> Mapping[ExposureKind, IntArray]:
    """Exposure of a plan in each draw by kind, shape (n_draws,), from what the judge found."""
    contacts = contact_tables(placed.index)
    return {
        kind: exposure[kind]
        + drawn.points @ pair_contact(drawn.source, drawn.target, contacts, placed.after)
        for kind, drawn in changes.items()
    }


def range_of(value: int, draws: IntArray) -> tuple[int, int]:
    """From the 5th to the 95th percentile of the draws, widened to hold the recorded value."""
    low, high = np.percentile(draws, PERCENT, method="inverted_cdf")
    return min(value, int(low)), max(value, int(high))
