"""Every "before" placement is lawful, read without problems, and poor."""

import re
from pathlib import Path

import pytest

from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ExposureKind
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.simulate import facility_names
from allocator.verify import verify
from tests.simulate.documents import NOT_REBUILT, document_of

WAITING = {"f05_spuza_r": 254, "f06_state_bh": 23, "f21_region_6": 23}
LARGE = "f19_graded_25"
STORED = Path(__file__).parents[2] / "scenarios"


def scenario_of(name: str) -> Scenario:
    """From its stored folder; what no test compares with that is built, but for the largest."""
    if name in NOT_REBUILT - {LARGE}:
        return read_scenario_document(document_of(name))
    return read_scenario(STORED / name)


def present(scenario: Scenario) -> dict[str, str | None]:
    cells = scenario.estate.cell_by_id
    return {
        p.person_id: p.current_place if p.current_place in cells else None for p in scenario.people
    }


@pytest.mark.parametrize("name", facility_names())
def test_before_is_lawful_but_poor(name: str) -> None:
    scenario = scenario_of(name)
    judgement = verify(scenario, present(scenario))
    assert judgement.unlawful == ()
    assert judgement.unlawful_holds == ()
    assert len(judgement.unplaced) == WAITING.get(name, 0)
    assert judgement.exposure[ExposureKind.SPILLOVER] > 0
    assert judgement.derogations


@pytest.mark.parametrize("name", [n for n in facility_names() if n != LARGE])
def test_ids_are_pseudonyms_and_text_is_neutral(name: str) -> None:
    document = document_of(name)
    assert document["synthetic"] is True
    assert all(
        re.fullmatch(r"(F\d\d-)?P\d{5}", person["person_id"]) for person in document["people"]
    )
    texts = {finding["tool"] for finding in document["findings"]}
    texts |= {row["grounds"] for row in document["authorities"]}
    texts |= {row["reason"] for row in document["protection_needs"]}
    assert texts <= {
        "structured professional judgement",
        "recorded conduct, reviewed by the issuing authority",
        "recorded threat, individually assessed",
    }
    groups = {row["group_id"] for row in document["keep_apart_memberships"]}
    assert all(re.fullmatch(r"(F\d\d-)?group_\d", group) for group in groups)


@pytest.mark.parametrize("name", ["training_prison", "f01_grad_hs", "f18_sat_7"])
def test_records_have_the_planned_shares(name: str) -> None:
    document = document_of(name)
    people, day = document["people"], document["day"]
    held = len(people)
    assert 0.01 < len(document["freezes"]) / held < 0.04
    assert 0.03 < sum("last_moved_at" in p for p in people) / held < 0.07
    assert 0.005 <= sum(p.get("out", False) for p in people) / held < 0.02
    assert 0.06 < sum(p.get("sharing_risk") == "high" for p in people) / held < 0.11
    receptive = [f for f in document["findings"] if f["kind"] == "receptivity"]
    grades = [f for f in receptive if f["value"] != "low" and f["valid_until"] >= day]
    ordinary = {p["person_id"] for p in people if "veo_status" not in p}
    assert 0.03 < sum(f["person_id"] in ordinary for f in grades) / held < 0.06
    assert any(f["valid_until"] < day for f in receptive)
    assert any(a["expires_at"] <= "2026-01-22" for a in document["authorities"])
    assert document["stable_pairs"]


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("name", ["training_prison", "f01_grad_hs", "f08_zena", "f20_women"])
def test_other_seeds_are_lawful_too(name: str, seed: int) -> None:
    from allocator.simulate import build_document

    scenario = read_scenario_document(build_document(name, seed))
    assert verify(scenario, present(scenario)).unlawful == ()
