"""Shocks change a copy, in the stated size, and leave readable documents."""

import json

import pytest

from allocator.errors import ConfigError
from allocator.model.catalogue import RuleId
from allocator.prepare.read import read_scenario_document
from allocator.simulate import SHOCKS, ShockKind, facility_names, shock_document
from allocator.verify import verify
from tests.simulate.documents import document_of, places
from tests.simulate.test_lawful import present

SMALL = [name for name in facility_names() if name not in {"f19_graded_25", "f18_sat_7"}]
WITHOUT_AUTHORITY = {"f03_idra_closed", "f05_spuza_r"}


@pytest.mark.parametrize("name", SMALL)
def test_wing_closes(name: str) -> None:
    before = document_of(name)
    after = shock_document(before, "wing_closes", 1)
    shut = {u["unit_id"] for u in after["units"] if u.get("status") == "INACTIVE"}

    def in_use(cell: dict[str, str]) -> bool:
        path = cell["parent_id"]
        return cell.get("status") != "INACTIVE" and not any(
            path == unit or path.startswith(f"{unit}-") for unit in shut
        )

    kept = sum(places(cell) for cell in after["cells"] if in_use(cell))
    original_shut = {u["unit_id"] for u in before["units"] if u.get("status") == "INACTIVE"}
    shut = original_shut
    total = sum(places(cell) for cell in before["cells"] if in_use(cell))
    assert 0.85 <= kept / total <= 0.92
    scenario = read_scenario_document(after)
    broken = {b.rule for b in verify(scenario, present(scenario)).unlawful}
    assert broken == {RuleId.CAPACITY}
    frozen = {f["person_id"] for f in after["freezes"]}
    closed = {c.cell_id for c in scenario.estate.cells if not scenario.estate.is_in_use(c)}
    assert not any(p.current_place in closed and p.person_id in frozen for p in scenario.people)
    assert not any(p.current_place in closed and p.out for p in scenario.people)


@pytest.mark.parametrize("name", SMALL)
def test_twelve_arrive(name: str) -> None:
    before = document_of(name)
    after = shock_document(before, "arrivals", 1)
    new = after["people"][len(before["people"]) :]
    assert len(new) == 12
    assert sum("veo_status" in p for p in new) == 2
    assert {p["current_place"].rsplit("-", 1)[1] for p in new} == {"RECEPTION"}
    assert {p["arrived_at"] for p in new} == {after["day"]}
    scenario = read_scenario_document(after)
    assert verify(scenario, present(scenario)).unlawful == ()


@pytest.mark.parametrize("name", [n for n in SMALL if n not in WITHOUT_AUTHORITY])
def test_authority_expires(name: str) -> None:
    scenario = read_scenario_document(shock_document(document_of(name), "authority_expires", 1))
    judgement = verify(scenario, present(scenario))
    assert len(judgement.unlawful_holds) == 1
    assert RuleId.EXPIRED_AUTHORITY in {b.rule for b in judgement.unlawful}


@pytest.mark.parametrize("name", sorted(WITHOUT_AUTHORITY))
def test_authority_for_a_unit_elsewhere_expires(name: str) -> None:
    before = document_of(name)
    after = shock_document(before, "authority_expires", 1)
    (person,) = after["people"][len(before["people"]) :]
    (authority,) = after["authorities"]
    assert person["current_place"].endswith("-RECEPTION")
    assert authority["person_id"] == person["person_id"]
    assert authority["expires_at"] < after["day"]
    scenario = read_scenario_document(after)
    assert verify(scenario, present(scenario)).unlawful == ()


def test_unknown_shock() -> None:
    with pytest.raises(ConfigError, match="Choose one of"):
        shock_document(document_of("f10_tepe"), "flood", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SHOCKS)
def test_the_original_is_left_alone(kind: ShockKind) -> None:
    document = document_of("f01_grad_hs")
    text = json.dumps(document)
    one, other = (json.dumps(shock_document(document, kind, 1)) for _ in "ab")
    assert json.dumps(document) == text
    assert one == other != text
