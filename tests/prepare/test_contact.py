"""Contact by hand, with a different number for every setting."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from allocator.model.estate import Cell, ContactEntry, SharedSetting
from allocator.model.index import ScenarioIndex
from allocator.model.policy import ContactWeights
from allocator.model.vocabulary import ContactSetting, SharedSettingKind, Status
from allocator.prepare.contact import ContactTables, contact_tables
from tests.builders import cell, facility, landing, make_scenario, wing

WEIGHTS = dict(zip(ContactSetting, (101, 53, 29, 17, 13, 7, 3), strict=True))
NO_CELL = WEIGHTS | {ContactSetting.CELL: 0}


class Contact:
    """Contact of cells by name."""

    def __init__(
        self,
        cells: Iterable[Cell | str],
        weights: Mapping[ContactSetting, int] = WEIGHTS,
        **kw: Any,
    ) -> None:
        scenario = replace(
            make_scenario(cells, **kw), contact_weights=ContactWeights("test", weights)
        )
        index = ScenarioIndex(scenario)
        self.at = index.cell_at
        self.tables: ContactTables = contact_tables(index)

    def __call__(self, one: str, other: str) -> int:
        if one == other:
            return int(self.tables.cell_contact[self.at[one]])
        a, b = (self.tables.contact_class[self.at[name]] for name in (one, other))
        assert self.tables.contact[a, b] == self.tables.contact[b, a]
        return int(self.tables.contact[a, b])

    @property
    def n_classes(self) -> int:
        return len(self.tables.contact)


def activity(*unit_ids: str) -> SharedSetting:
    return SharedSetting("s-" + "-".join(unit_ids), SharedSettingKind.ACTIVITY, frozenset(unit_ids))


def worship(*unit_ids: str) -> SharedSetting:
    return SharedSetting("w-" + "-".join(unit_ids), SharedSettingKind.WORSHIP, frozenset(unit_ids))


def test_the_closest_level_of_the_tree_counts() -> None:
    units = [landing("L2"), wing("W2", exercise_group="g"), facility("F2"), wing("W3")]
    units = [*units, wing("W4", exercise_group="g")]
    cells: list[Cell | str] = [
        "c1",
        "c2",
        cell("c3", parent="L2"),
        cell("c4", parent="W2"),
        cell("c5", parent="W3"),
    ]
    contact = Contact([*cells, cell("c6", parent="F2"), cell("c7", parent="W4")], units=units)

    assert contact("c1", "c2") == 53
    assert contact("c1", "c3") == 29
    assert contact("c4", "c7") == 17
    assert contact("c1", "c5") == 3
    assert contact("c1", "c6") == 0
    assert contact.n_classes == 6


def test_exercise_groups_of_one_name_in_two_facilities_are_two_groups() -> None:
    units = [facility("F2"), wing("W", exercise_group="g"), wing("W2", "F2", exercise_group="g")]
    contact = Contact(["c1", cell("c2", parent="W2")], units=units)

    assert contact("c1", "c2") == 0


def test_a_wing_without_landings_is_one_landing() -> None:
    assert Contact([cell("c1", parent="W"), cell("c2", parent="W")])("c1", "c2") == 53


@pytest.mark.parametrize(
    ("places", "expected"), [(1, 101), (2, 101), (5, 101), (6, 81), (8, 58), (9, 53), (16, 53)]
)
def test_a_dormitory_thins_the_weight_of_the_cell(places: int, expected: int) -> None:
    """101 · 4/5 = 80.8, 101 · 4/7 = 57.7, 101 · 4/8 = 50.5; never below the landing's 53."""
    assert Contact([cell("c1", places)])("c1", "c1") == expected


def test_without_a_landing_weight_the_dormitory_weight_is_rounded_half_up() -> None:
    weights = {ContactSetting.CELL: 101}

    assert Contact([cell("c1", 9)], weights)("c1", "c1") == 51
    assert Contact([cell("c1", 2, max_capacity=16)], weights)("c1", "c1") == 27


def test_without_a_cell_weight_cellmates_are_as_close_as_the_landing() -> None:
    contact = Contact([cell("c1", 2), cell("c2", 2)], NO_CELL)

    assert contact("c1", "c1") == contact("c1", "c2") == 53


def test_shared_settings_join_units_and_cells() -> None:
    units = [facility("F2"), wing("W2", "F2"), wing("W3", "F2")]
    cells: list[Cell | str] = [
        "c1",
        "c2",
        cell("c3", parent="W2"),
        cell("c4", parent="W2"),
        cell("c5", parent="W3"),
    ]
    settings = (activity("W", "c3"), worship("L", "W2"), worship("W2", "W3"))
    contact = Contact(cells, units=units, estate={"settings": settings})

    assert contact("c1", "c3") == 13
    assert contact("c1", "c4") == 7
    assert contact("c3", "c5") == contact("c4", "c5") == 7
    assert contact("c3", "c4") == 53
    assert contact("c1", "c5") == 0
    assert contact.n_classes == 4


def test_a_cellmate_shares_every_setting_of_the_cell() -> None:
    weights = {ContactSetting.ACTIVITY: 19, ContactSetting.CELL: 5}
    contact = Contact(["c1", "c2"], weights, estate={"settings": (activity("c1"),)})

    assert contact("c1", "c1") == 19
    assert contact("c2", "c2") == 5
    assert contact("c1", "c2") == 0


def test_cells_that_one_setting_names_stay_in_one_class() -> None:
    weights = {ContactSetting.ACTIVITY: 19}
    contact = Contact(["c1", "c2", "c3"], weights, estate={"settings": (activity("c1", "c2"),)})

    assert contact("c1", "c2") == 19
    assert contact("c1", "c3") == contact("c2", "c3") == 0
    assert contact.n_classes == 2


def test_behind_a_sealed_unit_only_the_facility_is_shared() -> None:
    units = [landing("L2", sealed=True), wing("W", exercise_group="g")]
    cells: list[Cell | str] = ["c1", cell("c2", parent="L2"), cell("c3", parent="L2")]
    contact = Contact(cells, units=units, estate={"settings": (activity("W"), worship("c1", "c2"))})

    assert contact("c1", "c2") == 3
    assert contact("c2", "c3") == 53
    assert contact("c2", "c2") == 101


def test_a_sealed_landing_in_a_sealed_wing_is_sealed_from_the_rest_of_it() -> None:
    units = [landing("L2", sealed=True), wing("W", sealed=True), wing("W2")]
    cells: list[Cell | str] = [
        "c1",
        cell("c2", parent="L2"),
        cell("c3", parent="W2"),
        cell("c4", parent="W"),
    ]
    contact = Contact(cells, units=units)

    assert contact("c1", "c2") == contact("c1", "c3") == contact("c2", "c3") == 3
    assert contact("c1", "c4") == 29


def test_explicit_contact_lies_on_top_and_crosses_seals_and_facilities() -> None:
    units = [facility("F2"), wing("W2", "F2", sealed=True), landing("L2"), landing("L3")]
    cells: list[Cell | str] = [
        "c1",
        "c2",
        cell("c3", parent="L2"),
        cell("c4", parent="W2"),
        cell("c5", parent="L3"),
    ]
    contacts = (
        ContactEntry("L", "L2", 37),
        ContactEntry("c4", "W", 11),
        ContactEntry("c1", "c2", 61),
        ContactEntry("L3", "L", 23),
    )
    contact = Contact(cells, units=units, estate={"contacts": contacts})

    assert contact("c1", "c3") == contact("c2", "c3") == 37
    assert contact("c1", "c4") == contact("c3", "c4") == contact("c5", "c4") == 11
    assert contact("c1", "c2") == 61
    assert contact("c1", "c5") == 29
    assert contact("c3", "c5") == 29


def test_explicit_contact_of_a_unit_with_its_own_part_spares_the_cell_itself() -> None:
    contact = Contact(["c1", "c2", "c3"], {}, estate={"contacts": (ContactEntry("c1", "L", 5),)})

    assert contact("c1", "c2") == contact("c1", "c3") == 5
    assert contact("c2", "c3") == contact("c1", "c1") == 0


def test_a_table_of_all_cells_is_taken_as_it_is() -> None:
    names = ["c1", "c2", "c3", "c4"]
    given = {("c1", "c2"): 2, ("c2", "c3"): 3, ("c3", "c4"): 5, ("c1", "c4"): 7}
    entries = tuple(ContactEntry(a, b, w) for (a, b), w in given.items())
    contact = Contact(names, {}, estate={"contacts": entries})

    assert {pair: contact(*pair) for pair in given} == given
    assert [contact(a, b) for a, b in pairwise(["c1", "c3", "c1"])] == [0, 0]


def test_cells_out_of_use_keep_their_contact() -> None:
    assert Contact(["c1", cell("c2", status=Status.INACTIVE)])("c1", "c2") == 53
