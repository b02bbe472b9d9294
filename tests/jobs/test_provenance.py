"""A plan that started from another one names it, and is made again from it (R67)."""

from dataclasses import replace
from pathlib import Path

import pytest

from allocator.errors import ConfigError
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.request import Overrides, PlanRequest
from allocator.jobs.task import PlanTask
from allocator.model.plan import MadeBy, Plan
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.plan_document import plan_document, read_plan
from allocator.prepare.read import read_scenario
from allocator.verify import check_plan
from tests.jobs.test_compare import Nobody

STORED = Path(__file__).parents[2] / "scenarios" / "f14_sep_3"
QUICK = PlanRequest("quick", workers=1)


@pytest.fixture(scope="module")
def few() -> Plan:
    scenario = replace(read_scenario(STORED), max_moves=2)
    return make_judged_plan(scenario, QUICK).plan


@pytest.fixture(scope="module")
def onward(few: Plan) -> Plan:
    scenario = replace(read_scenario(STORED), max_moves=7)
    return make_judged_plan(scenario, QUICK, start=few).plan


def test_a_plan_that_started_from_another_names_it(few: Plan, onward: Plan) -> None:
    assert (few.provenance.made_by, few.provenance.started_from) == (MadeBy.SEARCH, None)
    assert onward.provenance.made_by is MadeBy.ONWARD
    assert onward.provenance.started_from == plan_hash(few)
    assert read_plan(plan_document(onward)).provenance == onward.provenance


def test_a_plan_is_made_again_from_the_plan_it_names(few: Plan, onward: Plan) -> None:
    """Only the whole curve made such a plan again, because nothing recorded the start."""
    again = PlanTask(STORED, QUICK, Overrides(max_moves=7), returns_documents=True, start=few).run(
        Nobody()
    )
    assert again["plan"] == plan_document(onward)


def test_a_plan_of_other_data_is_no_start(few: Plan) -> None:
    scenario = replace(read_scenario(STORED), content_hash="other")
    with pytest.raises(ConfigError, match="other data"):
        make_judged_plan(scenario, QUICK, start=few)


def test_plans_that_started_from_none_keep_their_hash(few: Plan) -> None:
    assert "made_by" not in plan_document(few)["provenance"]
    assert "started_from" not in plan_document(few)["provenance"]


@pytest.mark.parametrize(
    ("made_by", "started_from", "words"),
    [
        (MadeBy.SEARCH, "a" * 64, "by search from aaaaaaaaaaaa"),
        (MadeBy.NEAREST, None, "by nearest from no plan"),
        (MadeBy.REVISION, "b" * 64, "started from bbbbbbbbbbbb and to revise no plan"),
    ],
)
def test_the_judge_refuses_an_origin_that_cannot_be(
    few: Plan, made_by: MadeBy, started_from: str | None, words: str
) -> None:
    origin = replace(few.provenance, made_by=made_by, started_from=started_from)
    scenario = replace(read_scenario(STORED), max_moves=2)
    (fault,) = check_plan(scenario, replace(few, provenance=origin))
    assert words in fault
