"""The registry: every instance of the study as frozen data.

A spec's name, maker and arguments never change once results exist; a changed idea is a new spec.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from allocator.model.instance import Instance
from allocator.model.scenario import Scenario
from benchmarks.study.instances import assignment, graphs, grouping, prison, slots

SHORT, MEDIUM, LONG = (2, 10), (2, 10, 30), (2, 30, 120)
MAKERS: Mapping[str, Callable[..., Instance]] = {
    "diverse": grouping.diverse_groups,
    "clusters": grouping.clusters,
    "signed": grouping.signed_groups,
    "cliques": grouping.cliques,
    "wide": grouping.wide_people,
    "parts": graphs.equal_parts,
    "modules": graphs.modules,
    "gqap": assignment.quadratic,
    "contact": assignment.contact_table,
    "dense": assignment.dense_tree,
    "slots": slots.examinations,
}
SCENARIOS: Mapping[str, Callable[..., Scenario]] = {
    "prison": prison.prison_scenario,
    "stored": prison.stored_scenario,
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One instance.

    Parameters
    ----------
    family : rows of one family are summed up together in profiles.
    maker : key of `MAKERS` or `SCENARIOS`. arguments : keyword arguments of the maker.
    budgets : wall-clock seconds, one run of every method and seed for each.
    stored : the instance file is part of the repository; others are made again from the spec.
    """

    name: str
    family: str
    maker: str
    arguments: tuple[tuple[str, Any], ...]
    people: int
    budgets: tuple[int, ...]
    stored: bool = True

    @property
    def is_scenario(self) -> bool:
        """True when the scenario's own judge can check plans too."""
        return self.maker in SCENARIOS

    def scenario(self) -> Scenario:
        """The scenario of a prison's spec."""
        return SCENARIOS[self.maker](**dict(self.arguments))

    def make(self) -> Instance:
        """The instance, from the frozen arguments."""
        if self.is_scenario:
            return prison.instance_of(self.scenario())
        return MAKERS[self.maker](**dict(self.arguments))


def _spec(name: str, family: str, maker: str, **arguments: Any) -> Spec:
    people = arguments["people"]
    budgets = SHORT if people <= 60 else MEDIUM
    return Spec(name, family, maker, tuple(sorted(arguments.items())), people, budgets)


def _prison(people: int, budgets: tuple[int, ...], moves: int | None = None) -> Spec:
    family = "prison" if moves is None else "nightly"
    arguments = (("moves", moves), ("people", people), ("seed", 1))
    small = people <= 1_000
    return Spec(f"{family}_{people}", family, "prison", arguments, people, budgets, small)


def _stored(name: str, people: int) -> Spec:
    arguments = (("name", name),)
    return Spec(name, "facility", "stored", arguments, people, MEDIUM)


def _diverse(name: str, people: int, groups: int, *, geometric: bool, unequal: bool) -> Spec:
    return _spec(
        name, "diverse", "diverse", people=people, groups=groups, geometric=geometric,
        unequal=unequal, seed=1,
    )  # fmt: skip


def _gqap(people: int, cells: int, tightness: int) -> Spec:
    name = f"gqap_{people}_{cells}_{tightness}"
    return _spec(name, "gqap", "gqap", people=people, cells=cells, tightness=tightness, seed=1)


SPECS: tuple[Spec, ...] = (
    _diverse("diverse_equal_120", 120, 10, geometric=False, unequal=False),
    _diverse("diverse_unequal_240", 240, 12, geometric=False, unequal=True),
    _diverse("diverse_geo_480", 480, 20, geometric=True, unequal=True),
    _spec(
        "clusters_82", "clusters", "clusters", people=82, groups=8, limits=(25, 75), weights=9,
        share=0.2, seed=1,
    ),
    _spec(
        "clusters_240", "clusters", "clusters", people=240, groups=12, limits=(75, 125),
        weights=9, share=1.0, seed=1,
    ),
    _spec("signed_90", "signed", "signed", people=90, groups=9, reach=9, seed=1),
    _spec("signed_300", "signed", "signed", people=300, groups=20, reach=50, seed=1),
    _spec("cliques_200", "cliques", "cliques", people=200, reach=100, seed=1),
    _spec("cliques_500", "cliques", "cliques", people=500, reach=100, seed=1),
    _spec("parts_600", "parts", "parts", people=600, groups=8, reach=0.07, slack=3, seed=1),
    _spec("modules_600", "modules", "modules", people=600, reach=0.07, seed=1),
    _gqap(20, 6, 75),
    _gqap(30, 10, 90),
    _gqap(50, 10, 95),
    _gqap(50, 20, 75),
    _spec(
        "contact_200", "contact", "contact", people=200, units=12, cells_per_unit=7, seed=1
    ),
    _spec(
        "contact_500", "contact", "contact", people=500, units=20, cells_per_unit=10, seed=1
    ),
    _spec("dense_120", "dense", "dense", people=120, wings=3, landings=3, seed=1),
    _spec("dense_480", "dense", "dense", people=480, wings=6, landings=3, seed=1),
    _spec("slots_80", "slots", "slots", people=80, students=500, slots=18, seed=1),
    _spec("slots_350", "slots", "slots", people=350, students=2_000, slots=30, seed=3),
    _spec("wide_150", "wide", "wide", people=150, cells=50, seed=1),
    _prison(60, MEDIUM),
    _prison(300, MEDIUM),
    _prison(1_000, LONG),
    _prison(3_000, (30, 120)),
    _prison(10_000, (30, 120)),
    _prison(60, MEDIUM, moves=3),
    _prison(300, MEDIUM, moves=3),
    _prison(1_000, LONG, moves=10),
    _stored("f01_grad_hs", 280),
    _stored("f13_high_d", 769),
    _stored("f06_state_bh", 288),
    _stored("training_prison", 275),
)  # fmt: skip
BY_NAME = {spec.name: spec for spec in SPECS}
SMOKE = ("signed_90", "contact_200", "prison_60")
