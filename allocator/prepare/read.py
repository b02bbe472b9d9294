"""Reads a scenario from a folder, a JSON file or a document: all of it, or all its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from allocator.model.scenario import Scenario
from allocator.prepare.build import build_scenario
from allocator.prepare.checked import Checked, Rows
from allocator.prepare.checks_references import check_header_units, check_references
from allocator.prepare.checks_sense import check_sense
from allocator.prepare.choices import Choices, resolve_choices
from allocator.prepare.document import content_hash
from allocator.prepare.folder import raw_document, read_raw
from allocator.prepare.presets.presets import load_contact_weights, load_policy, load_profile
from allocator.prepare.problems import Problems
from allocator.prepare.raw import RawScenario
from allocator.prepare.table_specs import header_keys, tables
from allocator.prepare.validate import validate_header, validate_rows
from allocator.prepare.wire_v1 import ScenarioHeader


@dataclass(frozen=True, slots=True)
class ScenarioOverrides:
    """Choices made on the command line in place of the scenario's own; None keeps those."""

    policy: str | None = None
    legal_profile: str | None = None
    contact_weights: str | None = None
    max_moves: int | None = None


NO_OVERRIDES = ScenarioOverrides()


def read_scenario(path: Path, overrides: ScenarioOverrides = NO_OVERRIDES) -> Scenario:
    """The scenario in a folder or a .json file.

    Raises
    ------
    ScenarioError
        If anything is wrong with the data; all problems of all files are in it.
    ConfigError
        If an override names a profile, policy or weight set that does not exist.
    """
    problems = Problems()
    return _apply(_scenario(read_raw(path, problems), problems), overrides)


def read_scenario_document(
    document: Mapping[str, Any], overrides: ScenarioOverrides = NO_OVERRIDES
) -> Scenario:
    """The scenario in a JSON document.

    Raises
    ------
    ScenarioError
        If anything is wrong with the data; columns are paths into the document.
    ConfigError
        If an override names a profile, policy or weight set that does not exist.
    """
    problems = Problems()
    return _apply(_scenario(raw_document(document, "document", problems), problems), overrides)


def _scenario(raw: RawScenario, problems: Problems) -> Scenario:
    if problems.document is None:
        problems.document = raw.document()
    if not raw.tables:
        problems.raise_if_any()
    header = None
    if raw.header is not None:
        header = validate_header(ScenarioHeader, raw.header, header_keys(), raw.keys, problems)
    rows = {
        name: Rows(raw.tables[name], validate_rows(table, raw.tables[name], problems))
        for name, table in tables().items()
    }
    checked = Checked(rows, header.day if header else None, problems)
    check_references(checked)
    check_sense(checked)
    choices = Choices(None, None, None)
    if header is not None:
        check_header_units(checked, raw.keys, header)
        choices = resolve_choices(header, raw.keys, problems)
    problems.raise_if_any()
    return _finish(header, checked, choices)


def _finish(header: ScenarioHeader | None, checked: Checked, choices: Choices) -> Scenario:
    profile, policy, weights = choices.profile, choices.policy, choices.weights
    if header is None or profile is None or policy is None or weights is None:
        message = "a scenario part is missing although no problem was recorded"
        raise AssertionError(message)
    scenario = build_scenario(header, checked, profile, policy, weights)
    return replace(scenario, content_hash=content_hash(scenario))


def _apply(scenario: Scenario, overrides: ScenarioOverrides) -> Scenario:
    changes: dict[str, Any] = {}
    if overrides.policy is not None:
        changes["policy"] = load_policy(overrides.policy)
    if overrides.legal_profile is not None:
        changes["profile"] = load_profile(overrides.legal_profile)
    if overrides.contact_weights is not None:
        changes["contact_weights"] = load_contact_weights(overrides.contact_weights)
    if overrides.max_moves is not None:
        changes["max_moves"] = overrides.max_moves
    return replace(scenario, **changes) if changes else scenario
