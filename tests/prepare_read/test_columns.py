# ruff: noqa: E501, SIM905 - lists of words and cases
"""Columns: missing, unknown, repeated, and those that this program refuses to know."""

from pathlib import Path

import pytest

from allocator.errors import ScenarioError
from allocator.prepare.read import read_scenario, read_scenario_document
from allocator.prepare.refused import is_refused
from allocator.prepare.table_specs import header_keys, tables
from tests.complete import COMPLETE_DOCUMENT
from tests.prepare_read.small import SMALL, only_problem, problems_of, write_folder

REFUSED = """
religion Religion RELIGIOUS_AFFILIATION faith church Church-Visits mosque prayer prayer_times diet
special-diet halal kosher worship_attendance ethnicity ethnic_group race nationality Nationality2
language first_language mother_tongue motherTongue political_opinion politics party party_member
sexual_orientation birthplace birth_place country_of_birth CountryOfBirth citizenship passport
passport_no skin skin_colour tribe caste surname first_name firstName name full_name dress beard
vjera vjeroispovijest nacionalnost jezik prezime ime feja besimi kombësia gjuha mbiemri shtetësia
religija crkva džamija xhamia konfession Staatsangehörigkeit muttersprache_sprache geburtsort
foreign_national nation nacija homeland country confession sexual_preference
nationalité langue_maternelle église prénom религија националност презиме јазик
""".split()
HARMLESS = """
trace brace average_hours surveillance disturbances distribution attribute address decreed_at
provjera_rizika total gap shift floor
""".split()


@pytest.mark.parametrize("name", REFUSED)
def test_refused_names(name: str) -> None:
    assert is_refused(name)
    assert is_refused(name.upper())
    assert is_refused(name.replace("_", " "))


@pytest.mark.parametrize("name", HARMLESS)
def test_names_that_only_look_like_refused_ones(name: str) -> None:
    assert not is_refused(name)


@pytest.mark.parametrize("name", ["religion", "Mother Tongue", "HALAL", "surname", "name"])
def test_refused_column(tmp_path: Path, name: str) -> None:
    lines = SMALL["people.csv"].splitlines()
    text = f"{lines[0]},{name}\n{lines[1]},x\n{lines[2]},\n"
    problem = only_problem(write_folder(tmp_path / "s", {"people.csv": text}))
    assert (problem.file, problem.row, problem.column) == ("people.csv", 1, name)
    assert problem.code == "column_refused"
    assert "R62" in problem.allowed
    assert "Delete the column" in problem.action


def test_name_of_a_unit_is_no_name_of_a_person(tmp_path: Path) -> None:
    text = (
        SMALL["units.csv"]
        .replace("parent_id", "parent_id,name")
        .replace("\nW,wing,F", "\nW,wing,F,Old wing")
    )
    text = text.replace("F,facility,", "F,facility,,").replace("L,landing,W", "L,landing,W,")
    assert read_scenario(write_folder(tmp_path / "s", {"units.csv": text})).estate.units[2].name


def test_no_column_or_key_of_the_format_is_about_a_person_refused() -> None:
    names = {name for table in tables().values() for name in table.columns} | set(header_keys())
    assert {name for name in names if is_refused(name)} == {"name"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"people": [{"religion": "x"}]}, "people[0].religion"),
        ({"people": [{"needs": [{"faith": "x"}]}]}, "people[0].needs[0].faith"),
        ({"people": [{"home_area": {"deep": {"nationality": "x"}}}]}, "people[0].home_area.deep.nationality"),
        ({"ethnicity": "x"}, "ethnicity"),
        ({"policy": {"extends": "mixed", "religion": 1}}, "policy.religion"),
        ({"legal_profile": {"extends": "coe_base", "thresholds": {"race": 1}}}, "legal_profile.thresholds.race"),
    ],
)  # fmt: skip
def test_refused_keys_anywhere_in_json(change: dict[str, object], path: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario_document(COMPLETE_DOCUMENT | change)
    refused = [p for p in caught.value.problems if p.code == "column_refused"]
    assert [(p.file, p.row, p.column) for p in refused] == [("document", None, path)]


def test_unknown_column_with_the_nearest_name(tmp_path: Path) -> None:
    text = SMALL["people.csv"].replace("age_years", "age_year")
    unknown, missing = sorted(
        problems_of(write_folder(tmp_path / "s", {"people.csv": text})), key=lambda p: p.code
    )[::-1]
    assert (unknown.row, unknown.column, unknown.code) == (1, "age_year", "column_unknown")
    assert 'Did you mean "age_years"' in unknown.action
    assert (missing.row, missing.column, missing.code) == (1, "age_years", "column_missing")
    assert "10 to 110" in missing.action


def test_repeated_and_unnamed_columns(tmp_path: Path) -> None:
    text = (
        "person_id,sex,age_years,,legal_category,sex\n"
        "p1,M,30,,sentenced,F\np2,M,40,stray,sentenced,M\n"
    )
    problems = problems_of(write_folder(tmp_path / "s", {"people.csv": text}))
    assert [(p.row, p.column, p.code) for p in problems] == [
        (1, "sex", "column_repeated"),
        (3, "number 4", "column_unnamed"),
    ]


@pytest.mark.parametrize(
    "name",
    ["f\u0430ith", "rel\u0456gion", "\u0435thnicity", "r a c e", "fa\u200bith", "place\u00a0of\u00a0birth",
     "\uff46aith", "born_in", "Vegetarian meal", "Hautfarbe", "minority", "pronouns"],
)  # fmt: skip
def test_stand_ins_are_refused_however_they_are_dressed(name: str) -> None:
    assert is_refused(name)


@pytest.mark.parametrize("name", ["trace", "template", "temperature", "a b", "strength", "comment"])
def test_other_names_are_only_unknown(name: str) -> None:
    assert not is_refused(name)
