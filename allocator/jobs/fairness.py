"""The fairness audit: a job on attributes held apart, which planning never imports (R47)."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator import __version__
from allocator.errors import ConfigError
from allocator.explain.fairness import (
    OUTCOME_WORDS,
    Alarms,
    AttributeAudit,
    Comparison,
    audit,
    ever,
    outcomes_of,
)
from allocator.explain.placements import placement_planned
from allocator.jobs.attributes import Attributes
from allocator.jobs.exits import ExitCode
from allocator.jobs.outputs import FAIRNESS_FILE, replace_folder, write_json
from allocator.jobs.verification import scenario_of_plan, verification_document
from allocator.model.plan import Plan
from allocator.prepare.last_plan import plan_hash
from allocator.report.rows import guarded

HIDDEN = None
MEANING = (
    "A difference between groups is a reason to look for its cause; it is neither proof of unfair "
    "treatment nor, where there is no alarm, proof that there is none."
)


def audit_fairness(
    plans: Sequence[tuple[Path, Plan]], attributes: Attributes, alarms: Alarms
) -> dict[str, Any]:
    """One document of numbers about groups; nobody's id is in it.

    Parameters
    ----------
    plans : scenario and plan of each night; a person counts once, with each outcome that any of
        the plans gives.

    Raises
    ------
    ConfigError
        If a plan is not verified against its scenario, or no row of the attributes fits.
    """
    outcomes = []
    people: set[str] = set()
    for source, plan in plans:
        scenario = scenario_of_plan(source, plan)
        if not verification_document(scenario, plan)["verified"]:
            raise ConfigError(
                f"The plan of {plan.scenario_name!r} is not what it says; see `allocator verify`."
            )
        outcomes.append(outcomes_of(scenario, placement_planned(plan)))
        people |= set(scenario.person_by_id)
    if not people & attributes.values.keys():
        raise ConfigError("No person_id of the attributes is one of the plans'.")
    audits = audit(attributes.groups(sorted(people)), ever(outcomes), alarms)
    return _document(plans, audits, len(people), alarms)


def _document(
    plans: Sequence[tuple[Path, Plan]],
    audits: Sequence[AttributeAudit],
    people: int,
    alarms: Alarms,
) -> dict[str, Any]:
    rows = [_row(c) for one in audits for c in one.comparisons]
    n_alarms = sum(row["alarm"] is not None for row in rows)
    return {
        "scenarios": sorted({plan.scenario_name for _, plan in plans}),
        "people": people,
        "exit_code": int(ExitCode.LEAST_BAD if n_alarms else ExitCode.DONE),
        "alarms": n_alarms,
        "attributes": [
            {
                "attribute": one.attribute,
                "groups": [{"group": g, "people": n} for g, n in one.groups.items()],
                "groups_hidden": one.hidden_groups,
            }
            for one in audits
        ],
        "comparisons": rows,
        "outcomes": {outcome.value: words for outcome, words in OUTCOME_WORDS.items()},
        "settings": {
            "ratio": alarms.ratio,
            "least_group": alarms.least_group,
            "least_count": alarms.least_count,
            "level": alarms.level,
        },
        "provenance": {
            "plans": [plan_hash(plan) for _, plan in plans],
            "software_version": __version__,
        },
        "meaning": MEANING,
        "files": [],
    }


def _row(comparison: Comparison) -> dict[str, Any]:
    """One comparison; hidden counts take everything along that would tell them."""
    c = comparison
    alarm = ("higher" if c.is_higher else "lower") if c.is_alarm else None
    counts: dict[str, Any] = {
        "with_outcome": c.count,
        "percent": _percent(c.count, c.people),
        "others_with_outcome": c.others_count,
        "others_percent": _percent(c.others_count, c.others),
        "ratio": None if c.ratio is None else round(c.ratio, 2),
        "ratio_low": None if c.interval is None else round(c.interval[0], 2),
        "ratio_high": None if c.interval is None else round(c.interval[1], 2),
        "p_value": _short(c.p_value),
        "p_adjusted": _short(c.p_adjusted),
    }
    if c.is_hidden:
        counts = dict.fromkeys(counts, HIDDEN)
    return {
        "attribute": c.attribute,
        "group": c.group,
        "outcome": c.outcome.value,
        "people": c.people,
        "others": c.others,
        **counts,
        "hidden": c.is_hidden,
        "alarm": alarm,
    }


def _percent(count: int, people: int) -> float:
    return round(100 * count / people, 1)


def _short(p_value: float) -> float:
    return float(f"{p_value:.2g}")


def write_fairness(document: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write fairness.json and fairness.csv, all or nothing."""

    def fill(fresh: Path) -> None:
        write_json(fresh / FAIRNESS_FILE, document)
        (fresh / "fairness.csv").write_text(_csv(document["comparisons"]), "utf-8", newline="")

    return replace_folder(folder, fill)


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([guarded(value) for value in row.values()] for row in rows)
    return out.getvalue()
