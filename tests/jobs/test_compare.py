"""A comparison's scores: judged values with ranges, the same graphs for every policy and set."""

from pathlib import Path
from typing import Any

import pytest

from allocator.jobs.compare import PolicyTask, comparison_document
from allocator.jobs.request import PlanRequest
from allocator.model.vocabulary import ExposureKind
from allocator.prepare.read import ScenarioOverrides, read_scenario
from allocator.verify import verify
from tests.jobs import fakes
from tests.scenario_documents import document, write


class Nobody:
    """An observer who hears nothing and asks for nothing."""

    def on_progress(self, progress: Any) -> None:
        del progress

    def should_stop(self) -> bool:
        return False


def finding(person_id: str, kind: str, value: str, **fields: Any) -> dict[str, Any]:
    known = {
        "tool": "structured",
        "assessor_role": "psychologist",
        "assessed_at": "2025-12-01",
        "valid_until": "2026-05-30",
        "evidence_ref": "E-1",
    }
    return {"person_id": person_id, "kind": kind, "value": value, **known, **fields}


def edge(source: str, target: str, kind: str, grade: str) -> dict[str, Any]:
    return {
        "source": source,
        "target": target,
        "kind": kind,
        "strength": 3,
        "source_grade": grade,
        "basis": "fact",
        "observed_at": "2025-11-01",
        "expires_at": "2026-11-01",
        "author": "staff",
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    found = document(
        n_people=4,
        places=(2, 2),
        findings=[
            finding("P1", "network_role", "leader", network_id="N"),
            finding("P2", "network_role", "follower", network_id="N"),
            finding("P3", "receptivity", "high"),
        ],
        influence_edges=[
            edge("P1", "P2", "directs", "C"),
            edge("P1", "P3", "recruits", "D"),
            edge("P4", "P3", "supports", "B"),
        ],
    )
    return write(tmp_path / "small.json", found)


def run(source: Path, policy: str = "status_quo", seed: int = 1, sets: str = "own,flat") -> Any:
    task = PolicyTask(
        source,
        policy,
        tuple(sets.split(",")),
        PlanRequest(seed=seed),
        planner=fakes.first_fit,
    )
    return task.run(Nobody())


def test_scores_are_the_judge_s_and_lie_in_their_ranges(source: Path) -> None:
    scores = run(source)["scores"]
    placement = {"P1": "W-1", "P2": "W-1", "P3": "W-2", "P4": "W-2"}
    for name, found in scores.items():
        scenario = read_scenario(source, ScenarioOverrides(contact_weights=name))
        exposure = verify(scenario, placement).exposure
        assert found["exposure"] == {kind.value: exposure[kind] for kind in ExposureKind}
        for kind in ("spillover", "collusion", "support"):
            low, high = found["range"][kind]
            assert low <= found["exposure"][kind] <= high
            assert low < high
            assert len(set(found["draws"][kind])) > 3
        assert found["range"]["coercion"] == [0, 0]


def test_same_seed_same_ranges_and_the_search_has_no_part_in_it(source: Path) -> None:
    first, again, other = run(source), run(source), run(source, seed=2)
    assert first["scores"] == again["scores"]
    assert first["scores"]["flat"]["draws"] != other["scores"]["flat"]["draws"]
    assert first["scores"]["flat"]["exposure"] == other["scores"]["flat"]["exposure"]


def test_every_policy_and_set_meets_the_same_graphs(source: Path) -> None:
    """One leader and one follower share a cell or a landing: their tie alone makes the draws."""
    status_quo, dispersal = run(source), run(source, "dispersal")
    assert status_quo["scores"]["flat"]["draws"] == dispersal["scores"]["flat"]["draws"]
    flat, own = (status_quo["scores"][name]["draws"]["collusion"] for name in ("flat", "default"))
    assert flat == own


def test_own_weights_named_again_are_scored_once(source: Path) -> None:
    assert list(run(source, sets="own,default,flat")["scores"]) == ["default", "flat"]


def test_people_left_out_are_said_to_lower_the_exposure(tmp_path: Path) -> None:
    """Five people for three places: the plan of whoever leaves more out would look better."""
    crowded = run(write(tmp_path / "crowded.json", document(n_people=5)))
    placed = run(write(tmp_path / "placed.json", document(n_people=3)), "dispersal")
    assert comparison_document([crowded, placed])["order"][-1].startswith(
        "People without a place have no exposure; they are, by policy: status_quo 2, dispersal 0."
    )
    assert len(comparison_document([placed, placed])["order"]) == 3 + 1


def test_policies_with_the_same_plan_are_named(source: Path) -> None:
    """The planner of these tests looks at no policy; one person fewer is another plan."""
    first, second = run(source), run(source, "dispersal")
    said = [s for s in comparison_document([first, second])["order"] if s.startswith("The same")]
    assert [s.split(":")[0] for s in said] == [
        "The same plan, person by person, under status_quo, dispersal"
    ]
    second["summary"]["moves"].pop()
    assert len(comparison_document([first, second])["order"]) == 3


def test_draws_are_not_in_the_document_and_ranges_are(source: Path) -> None:
    found = comparison_document([run(source), run(source, "dispersal")])
    entry = found["policies"][1]["scores"]["flat"]
    assert entry.keys() == {"exposure", "range", "worst_off"}
    assert found["weight_sets"] == ["default", "flat"]
    assert len(found["order"]) == 3 + 1
    assert found["edge_uncertainty"]["graphs"] == 200
