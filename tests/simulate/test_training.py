"""The training prison keeps the published layout."""

from collections import Counter

from tests.simulate.documents import document_of


def test_layout() -> None:
    document = document_of("training_prison")
    cells = document["cells"]
    kinds = Counter(unit["unit_type"] for unit in document["units"])
    assert kinds == {"facility": 1, "wing": 9, "landing": 20}
    assert len(cells) == 244
    inactive_wings = {
        unit["unit_id"] for unit in document["units"] if unit.get("status") == "INACTIVE"
    }
    assert {"TRN-E", "TRN-F", "TRN-G", "TRN-D-3"} <= inactive_wings
    ordinary = [
        cell
        for cell in cells
        if cell.get("status") != "INACTIVE"
        and cell["cell_id"][4] not in "SHG"
        and cell["parent_id"] not in inactive_wings
    ]
    assert sum(cell["working_capacity"] for cell in ordinary) == 247
    converted = [c for c in cells if c.get("deactivated_reason") == "CONVERT_CELL_TO_ROOM"]
    assert len(converted) == 3


def test_more_people_than_working_places() -> None:
    document = document_of("training_prison")
    wings = Counter(person["current_place"][:5] for person in document["people"])
    assert len(document["people"]) == 275
    assert sum(wings[f"TRN-{wing}"] for wing in "ABCD") == 258
    assert wings["TRN-S"] == 7
    assert wings["TRN-H"] == 10


def test_separation_unit() -> None:
    document = document_of("training_prison")
    unit = next(u for u in document["units"] if u["unit_id"] == "TRN-S")
    assert unit["accommodation_type"] == "CARE_AND_SEPARATION"
    assert unit["regime_level"] == 4
    assert unit["used_for"] == ["segregation"]
    assert {c["working_capacity"] for c in document["cells"] if c["parent_id"] == "TRN-S-1"} == {0}
    assert all(a["permits_solitary"] for a in document["authorities"])
