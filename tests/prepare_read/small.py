"""A scenario folder small enough to spoil one value at a time."""

from pathlib import Path

import pytest

from allocator.errors import Problem, ScenarioError
from allocator.prepare.read import read_scenario

SMALL: dict[str, str] = {
    "scenario.yaml": "schema_version: 1\nname: small\nday: 2026-03-02\n",
    "units.csv": "unit_id,unit_type,parent_id\nF,facility,\nW,wing,F\nL,landing,W\n",
    "cells.csv": (
        "cell_id,parent_id,cna,working_capacity,max_capacity,area_m2\nC1,L,1,2,2,8\nC2,L,1,1,1,7\n"
    ),
    "people.csv": (
        "person_id,sex,age_years,legal_category,current_place\n"
        "p1,M,30,sentenced,C1\np2,M,40,sentenced,C2\n"
    ),
}
FINDING_HEADER = (
    "person_id,kind,value,tool,assessor_role,assessed_at,valid_until,evidence_ref,network_id\n"
)
EDGE_HEADER = (
    "source,target,kind,strength,source_grade,basis,observed_at,expires_at,points,points_kind\n"
)
AUTHORITY_HEADER = (
    "authority_id,person_id,kind,issued_by,issued_at,review_by,expires_at,grounds,regime_level\n"
)
NEED_HEADER = "person_id,reach,reason,authority,review_by,from_person,from_group\n"


def write_folder(folder: Path, files: dict[str, str | bytes | None]) -> Path:
    """The small scenario with some files replaced, added or (None) left out."""
    folder.mkdir(exist_ok=True)
    for name, content in (SMALL | files).items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            (folder / name).write_bytes(content.encode())
    return folder


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """Every problem of a folder; nothing in it is changed."""
    before = sorted(path.name for path in folder.parent.rglob("*"))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert sorted(path.name for path in folder.parent.rglob("*")) == before
    return caught.value.problems


def only_problem(folder: Path) -> Problem:
    """The one problem of a folder."""
    problems = problems_of(folder)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def changed(name: str, old: str, new: str) -> dict[str, str | bytes | None]:
    """One file of the small scenario with a piece of text replaced once."""
    assert SMALL[name].count(old) >= 1
    return {name: SMALL[name].replace(old, new, 1)}
