"""The notice says what is proposed and the rights, and nothing that is recorded (R53, R54, R75)."""

import re
from pathlib import Path
from string import Formatter

import pytest

from allocator.errors import ConfigError
from allocator.explain.notice import notice_to
from allocator.explain.notice_words import NOTICES, PROPOSALS, RIGHTS, Language, Part
from allocator.explain.readers import RECORDED
from allocator.jobs.notice import answer_notice
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.ports import Planner
from allocator.jobs.request import PlanRequest
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.plan import Placement
from allocator.model.vocabulary import Grade, NetworkRole, VeoStatus
from allocator.prepare.plan_document import plan_document
from allocator.prepare.read import read_scenario
from tests.builders import cell, landing, make_scenario, person, wing
from tests.explain.test_readers import PLACES, crowded_with_records
from tests.jobs.fakes import first_fit, put

STORED = Path(__file__).parents[2] / "scenarios"
FORBIDDEN = (
    *(rule.split("-")[0] for rule in (*RuleId, *GoalId)),
    *(value for value in (*NetworkRole, *VeoStatus) if value != "none"),
    *("exposure", "spillover", "collusion", "coerc", "influence", "network", "radical"),
    *("extremis", "terror", "gang", "receptiv", "risk", "intelligence", "assess", "evidence"),
    *("associat", "conflict", "threat", "derogation", "finding", RECORDED, "prisoner", "inmate"),
)


@pytest.mark.parametrize(
    ("name", "planner"),
    [("f14_sep_3", make_judged_plan), ("f16_qpr_2", first_fit), ("f17_ta_48", first_fit)],
)
def test_no_notice_of_a_plan_names_anybody_else_or_what_is_recorded(
    name: str, planner: Planner
) -> None:
    scenario = read_scenario(STORED / name)
    plan = planner(scenario, PlanRequest("quick", workers=1)).plan
    ids = scenario.person_by_id.keys()
    notices = [notice_to(scenario, p, Language.ENGLISH) for p in plan.placements]
    assert any(notice.proposal is Part.MOVE for notice in notices)
    for notice in notices:
        text = "\n".join(notice.paragraphs)
        assert ids & set(re.findall(r"\w+", text)) == set()
        assert [word for word in FORBIDDEN if re.search(rf"\b{word}", text, re.IGNORECASE)] == []
        assert notice.to_cell is None or notice.to_cell in text
    assert len({notice.paragraphs[1:] for notice in notices}) == 1


@pytest.mark.parametrize(
    ("here", "there", "proposal", "first"),
    [
        ("c1", "c2", Part.MOVE, "you move from cell c1 to cell c2, Upper, West, on 2026-01-15"),
        (None, "c2", Part.FIRST_CELL, "you are housed in cell c2, Upper, West, on 2026-01-15"),
        ("court", "c1", Part.FIRST_CELL, "you are housed in cell c1, landing L, wing W, on"),
        ("c2", "c2", Part.STAY, "you stay in cell c2, Upper, West."),
        (None, None, Part.NO_CELL, "There is no cell for you in the proposal of 2026-01-15"),
        ("c1", None, Part.NO_CELL_NOW_IN, "You stay in cell c1 until staff decide"),
    ],
)
def test_what_is_proposed(here: str | None, there: str | None, proposal: Part, first: str) -> None:
    units = [wing("V", name="West"), landing("U", "V", name="Upper")]
    scenario = make_scenario(["c1", cell("c2", 1, "U")], [person("p")], units=units)
    notice = notice_to(scenario, Placement("p", here, there, {}), Language.ENGLISH)
    assert notice.proposal is proposal
    assert first in notice.paragraphs[0]


def test_the_rights_are_in_every_notice() -> None:
    text = " ".join(NOTICES[Language.ENGLISH][part] for part in RIGHTS)
    for word in ("Nothing is decided yet", "named member of staff", "be heard", "complain"):
        assert word in text


def test_every_language_has_every_part_with_the_same_names_in_braces() -> None:
    own = NOTICES[Language.ENGLISH]
    assert set(NOTICES) == set(Language)
    assert set(own) == set(Part) == {*PROPOSALS, *RIGHTS}
    for words in NOTICES.values():
        assert {part: _names(text) for part, text in words.items()} == {
            part: _names(text) for part, text in own.items()
        }


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_nobody_is_told_of_a_plan_that_the_judge_does_not_confirm(tmp_path: Path) -> None:
    scenario = read_scenario(STORED / "f14_sep_3")
    everywhere = {p.person_id: scenario.estate.cells[0].cell_id for p in scenario.people}
    plan = put(scenario, dict(everywhere))
    with pytest.raises(ConfigError, match="nobody is told"):
        answer_notice(STORED / "f14_sep_3", plan, next(iter(everywhere)))
    with pytest.raises(ConfigError, match="nobody"):
        answer_notice(STORED / "f14_sep_3", plan, "nobody")
    assert plan_document(plan)["placements"]
    assert not list(tmp_path.iterdir())


def test_a_person_of_whom_everything_is_recorded_has_the_same_notice_as_others() -> None:
    scenario = crowded_with_records()
    assert scenario.current_finding("lead", next(iter(scenario.findings)).kind) is not None
    told = {
        i: notice_to(scenario, Placement(i, "a4", PLACES[i], {}), Language.ENGLISH)
        for i in ("p", "lead", "apart")
    }
    assert len({notice.paragraphs[1:] for notice in told.values()}) == 1
    assert Grade.HIGH.value not in " ".join(told["p"].paragraphs)
