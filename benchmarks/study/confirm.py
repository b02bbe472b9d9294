"""The scenario's own judge on a placement of the study."""

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.verify import verify
from benchmarks.study.judge import Verdict
from benchmarks.study.specs import Spec


def verified(spec: Spec, placement: IntArray, instance: Instance, verdict: Verdict) -> bool | None:
    """Whether the scenario's own judge agrees; None where there is no scenario."""
    if not spec.is_scenario:
        return None
    scenario = spec.scenario()
    cells = scenario.estate.cells
    plan = {
        person.person_id: None if c < 0 else cells[c].cell_id
        for person, c in zip(scenario.people, placement.tolist(), strict=True)
    }
    judgement = verify(scenario, plan)
    judged = tuple(judgement.tiers[setting.tier] for setting in instance.tiers)
    return judgement.is_lawful and judged == verdict.values
