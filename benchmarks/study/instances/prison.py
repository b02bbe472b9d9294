"""Prisons of any size as scenarios, and scenarios as instances.

Wings of about 120 people with two-person and single cells, one wing in four for remand; the shares
of roles, separations and places out of use are those of the stored facilities F12 and F13.
"""

from dataclasses import replace
from pathlib import Path

from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from allocator.prepare.instance import prepare_instance
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.simulate.build import build_facility
from allocator.simulate.spec import REMAND, SENTENCED, Facility, Roles, Rooms, Site, Wing

ROOT = Path(__file__).resolve().parents[3]
WING_PEOPLE, OCCUPANCY = 120, 0.93
DOUBLE_AREA_M2 = (8.0, 10.0)


def prison_facility(people: int, site_id: str = "B01", scale_name: str = "") -> Facility:
    """One facility that holds `people`, at least 40, in three wings or more."""
    wings = max(3, round(people / WING_PEOPLE))
    remand_wings = max(1, round(wings / 4))
    places = -(-people * 100 // round(100 * OCCUPANCY * wings))
    doubles, singles = places // 3, places - 2 * (places // 3)
    rooms = (Rooms(doubles, 2, area_m2=DOUBLE_AREA_M2), Rooms(singles, 1))
    remand = people * remand_wings // wings
    return Facility(
        name=f"scaling_{people}{scale_name}",
        title=f"Scaling prison of {people}",
        grounded_in="the shares of F12 and F13",
        sites=(
            Site(
                site_id,
                tuple(
                    Wing(f"W{k + 1:02d}", rooms, 3, REMAND if k < remand_wings else SENTENCED)
                    for k in range(wings)
                ),
                remand=remand,
                sentenced=people - remand,
                roles=Roles(
                    max(1, people // 250), max(1, people // 125), people // 60, people // 50
                ),
            ),
        ),
        young=people // 25,
        rival_groups=2 + (people > 200) + (people > 800),
        keep_apart_pairs=people * 3 // 10,
        out_of_use=0.01,
        out_anywhere=True,
        dedicated=(f"{site_id}-W{wings:02d}",),
    )


def prison_scenario(people: int, *, moves: int | None, seed: int) -> Scenario:
    """A synthetic prison, with a hard budget of moves at night, say 10 for 1,000 people (P20)."""
    scenario = read_scenario_document(build_facility(prison_facility(people), seed))
    return without_tolerance(scenario, moves)


def stored_scenario(name: str) -> Scenario:
    """A scenario of the folder `scenarios`."""
    return without_tolerance(read_scenario(ROOT / "scenarios" / name), None)


def without_tolerance(scenario: Scenario, moves: int | None) -> Scenario:
    """Tiers without tolerance, so that plans can be compared tier by tier."""
    tiers = tuple(replace(setting, tolerance_permille=0) for setting in scenario.policy.tiers)
    policy = replace(scenario.policy, tiers=tiers)
    return replace(scenario, policy=policy, max_moves=moves)


def instance_of(scenario: Scenario) -> Instance:
    """The placement problem of a scenario."""
    return prepare_instance(scenario)
