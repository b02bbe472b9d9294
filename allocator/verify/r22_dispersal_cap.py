"""R22: few people with VEO status in a wing or facility, or only in units meant for them."""

from collections.abc import Iterator

from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.caps import (
    Capped,
    cap_breach,
    count,
    dedicated_units,
    dedicated_wings,
    wing_veo,
)
from allocator.verify.people import has_veo, has_veo_by_law
from allocator.verify.view import View

RULE = RuleId.DISPERSAL_CAP


def check(view: View) -> Iterator[Breach]:
    """Wings and facilities over their limits."""
    for groups in (wing_veo, _facility_veo, _undedicated, _outside_satellites):
        for group in groups(view):
            yield from cap_breach(RULE, group, group.cap, triangular=True)


def _facility_veo(view: View) -> Iterator[Capped]:
    cap = view.policy.max_veo_per_facility
    if cap is not None:
        what = "people with VEO status"
        yield from count(view, Level.FACILITY, cap, what, lambda person, _: has_veo(person))


def _undedicated(view: View) -> Iterator[Capped]:
    wings = dedicated_wings(view)
    if dedicated_units(view):
        yield from count(
            view,
            Level.WING,
            0,
            "people with VEO by law outside dedicated wings",
            lambda person, site: has_veo_by_law(person) and site.unit_at[Level.WING] not in wings,
        )


def _outside_satellites(view: View) -> Iterator[Capped]:
    satellites = view.scenario.satellite_facilities
    if view.policy.satellites_used and satellites:
        yield from count(
            view,
            Level.FACILITY,
            0,
            "people with VEO status outside satellites",
            lambda person, site: has_veo(person) and site.unit_at[Level.FACILITY] not in satellites,
        )
