"""Plan documents: a fixed shape, no times in it, read back strictly."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import ScenarioError
from allocator.model.catalogue import RuleId
from allocator.model.plan import (
    Breach,
    Conflict,
    Derogation,
    Placement,
    Plan,
    Provenance,
    ShortfallCause,
    TierValue,
    Verdict,
)
from allocator.model.vocabulary import ExposureKind, Tier
from allocator.prepare.plan_document import (
    CAVEAT,
    plan_document,
    plan_json_schema,
    plan_text,
    read_plan,
)

PROVENANCE = Provenance(
    "hash", "coe_base", "1", "mixed", "2", "steep", 7, "quick", 12, 2.5, "0.1.0", "9.15"
)
PLAN = Plan(
    scenario_name="small",
    verdict=Verdict.FEASIBLE,
    placements=(
        Placement("p1", "C1", "C2", {}),
        Placement("p2", None, None, {RuleId.SEX_AND_AGE: 5, RuleId.CAPACITY: 3}),
    ),
    tiers=(TierValue(Tier.UNPLACED, 1, 1), TierValue(Tier.EXPOSURE, -7, None)),
    derogations=(Derogation(Breach(RuleId.CAPACITY, ("p1",), "C2", 1, "one over"), 5, "governor"),),
    exposure={ExposureKind.SUPPORT: 2, ExposureKind.COLLUSION: 3},
    exposure_before={ExposureKind.COLLUSION: 11},
    shortfall={"remand": 2},
    shortfall_causes=(
        ShortfallCause("remand", (RuleId.CAPACITY,), 1),
        ShortfallCause("remand", (RuleId.SINGLE_CELL, RuleId.NON_ASSOCIATION), 1),
    ),
    conflicts=(Conflict((RuleId.CAPACITY,), ("p2",), ("C1",), 1, "maximum flow", "no room"),),
    provenance=PROVENANCE,
    seconds=3.25,
    verified=True,
)


def test_document_reads_back(tmp_path: Path) -> None:
    assert read_plan(plan_document(PLAN)) == replace(PLAN, seconds=0.0)
    path = tmp_path / "plan.json"
    path.write_text(plan_text(PLAN))
    assert read_plan(path) == replace(PLAN, seconds=0.0)


def test_text_is_equal_byte_for_byte_whatever_the_order_of_mappings() -> None:
    other = replace(
        PLAN,
        seconds=99.0,
        exposure=dict(reversed(list(PLAN.exposure.items()))),
        placements=(
            PLAN.placements[0],
            replace(
                PLAN.placements[1],
                blocked_by=dict(reversed(list(PLAN.placements[1].blocked_by.items()))),
            ),
        ),
    )
    assert plan_text(other) == plan_text(PLAN)
    assert 'seconds":' not in plan_text(PLAN).replace('time_limit_seconds":', "")


def test_document_holds_the_caveat_and_whether_it_was_verified() -> None:
    document = plan_document(PLAN)
    assert document["caveat"] == CAVEAT
    assert "no evidence that it predicts" in CAVEAT
    assert document["verified"] is True
    assert list(document) == list(plan_json_schema()["properties"])
    assert json.loads(json.dumps(document)) == document


def bad_plan(change: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Columns and codes of the problems of a changed plan."""
    with pytest.raises(ScenarioError) as caught:
        read_plan(plan_document(PLAN) | change)
    assert {p.file for p in caught.value.problems} == {"plan"}
    assert caught.value.code == "plan_invalid"
    assert str(caught.value).startswith("The plan has 1 problem")
    return [(p.column, p.code) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"schema_version": 2}, "schema_version", "value_not_listed"),
        ({"verdict": "perfect"}, "verdict", "value_not_listed"),
        ({"seconds": 1.0}, "seconds", "key_unknown"),
        ({"verified": "yes"}, "verified", "value_not_boolean"),
        ({"tiers": [{"tier": "moves", "value": "3", "bound": None}]}, "tiers[0].value",
         "value_not_whole_number"),
        ({"placements": [{"person_id": "p1", "cell_id": None}]}, "placements[0].from_place",
         "key_missing"),
        ({"placements": {}}, "placements", "value_not_list"),
        ({"placements": [{"person_id": "p", "from_place": None, "cell_id": None,
                          "nationality": "x"}]}, "placements[0].nationality", "column_refused"),
        ({"caveat": "Exposure is danger."}, "caveat", "caveat_changed"),
        ({"shortfall": {"remand": -1}}, "shortfall.remand", "value_out_of_range"),
    ],
)  # fmt: skip
def test_bad_plans(change: dict[str, Any], column: str, code: str) -> None:
    assert bad_plan(change) == [(column, code)]


def test_a_person_twice_in_a_plan() -> None:
    rows = plan_document(PLAN)["placements"]
    assert bad_plan({"placements": [*rows, rows[0]]}) == [
        ("placements[2].person_id", "person_twice")
    ]


def test_files_that_are_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for content in (b"", b"[1]", b"\xff", b"{" * 100_000):
        path.write_bytes(content)
        with pytest.raises(ScenarioError) as caught:
            read_plan(path)
        assert [p.file for p in caught.value.problems] == ["plan.json"]
    with pytest.raises(ScenarioError):
        read_plan(tmp_path / "none.json")
