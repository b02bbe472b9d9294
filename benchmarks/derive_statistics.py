"""Derive the aggregate statistics that the generators use from public data files.

    python -m benchmarks.derive_statistics roster ROSTER.csv[.gz] OUT.csv
    python -m benchmarks.derive_statistics network EDGES.csv --directed

The source files are not part of this repository (their licence is not stated); only counts of at
least 10 people and summary statistics are stored. See `allocator/simulate/data/README.md`.
"""

import argparse
import json
from pathlib import Path

import networkx as nx
import pandas as pd

from allocator.simulate.network import describe

SMALLEST_COUNT = 10
AGE_BANDS = {"21-24": "21-29", "25-29": "21-29", "30-39": "30-49", "40-49": "30-49"}
AGE_BANDS |= {"18-20": "18-20", "50-59": "50-69", "60+": "50-69"}
STAY_BANDS = {"0-7": "0-30", "8-30": "0-30", "31-90": "31-180", "91-180": "31-180"}
STAY_BANDS |= {"181-365": "181+", "366+": "181+"}
SENTENCED_CODES = ("CS", "CSP", "SSR")
COLUMNS = [
    "custody_level",
    "gang_flag",
    "mental_observation_flag",
    "age_band",
    "legal_category",
    "stay_band_days",
    "infraction_flag",
]


def derive_roster(source: Path, target: Path) -> None:
    """Count men by joint attributes, latest snapshot of each, and drop small counts."""
    rows = pd.read_csv(source).sort_values("snapshot_date")
    men = rows[rows.gender == "M"].dropna(subset=["custody_level", "age_band"])
    men = men.groupby("pseudonym").tail(1)
    table = pd.DataFrame(
        {
            "custody_level": men.custody_level,
            "gang_flag": men.srg_flag,
            "mental_observation_flag": men.mental_obs_bradh,
            "age_band": men.age_band.map(AGE_BANDS),
            "legal_category": men.status_code.isin(SENTENCED_CODES).map(
                {True: "sentenced", False: "remand"}
            ),
            "stay_band_days": men.length_of_stay_band_days.map(STAY_BANDS),
            "infraction_flag": men.infraction_flag,
        }
    )
    counts = table.groupby(COLUMNS).size().rename("people").reset_index()
    kept = counts[counts.people >= SMALLEST_COUNT]
    kept.to_csv(target, index=False)
    print(f"{len(men)} men, {kept.people.sum()} in {len(kept)} stored of {len(counts)} cells")


def describe_network(source: Path, *, directed: bool) -> None:
    """Print the statistics of an edge list, layers united."""
    edges = pd.read_csv(source)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(zip(edges.source, edges.target, strict=True))
    if not directed:
        graph.add_edges_from(list(zip(edges.target, edges.source, strict=True)))
    print(json.dumps(describe(graph), indent=1))


def main() -> None:
    """Run one of the two derivations."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    roster = commands.add_parser("roster")
    roster.add_argument("source", type=Path)
    roster.add_argument("target", type=Path)
    network = commands.add_parser("network")
    network.add_argument("source", type=Path)
    network.add_argument("--directed", action="store_true")
    options = parser.parse_args()
    if options.command == "roster":
        derive_roster(options.source, options.target)
    else:
        describe_network(options.source, directed=options.directed)


if __name__ == "__main__":
    main()
