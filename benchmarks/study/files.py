"""Where instances live, and the digests that say they are the ones of the specs.

Small instances are stored files; the others are made from their spec when first asked for and kept
in `out/bench/instances`. Either way the digest must be the one in `digests.csv`.
"""

import csv
from pathlib import Path

from allocator.model.instance import Instance
from benchmarks.study.specs import SPECS, Spec
from benchmarks.study.store import digest, load, save

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "benchmarks" / "instances"
MADE = ROOT / "out" / "bench" / "instances"
DIGESTS = STORED / "digests.csv"


def path_of(spec: Spec) -> Path:
    """File of an instance, whether or not it is there."""
    return (STORED if spec.stored else MADE) / f"{spec.name}.npz"


def known_digests() -> dict[str, str]:
    """SHA-256 by spec."""
    with DIGESTS.open(encoding="utf-8", newline="") as file:
        return {row["spec"]: row["sha256"] for row in csv.DictReader(file)}


def instance_of(spec: Spec) -> Instance:
    """The instance of a spec, checked against its digest.

    Raises
    ------
    ValueError
        If the instance is not the one that the digest was taken of.
    """
    path = path_of(spec)
    if not path.exists() and not spec.stored:
        save(spec.make(), path)
    instance = load(path)
    if digest(instance) != known_digests()[spec.name]:
        raise ValueError(f"{path.name} is not the instance that the study was made with.")
    return instance


def store_all(names: tuple[str, ...]) -> None:
    """Make the files of new specs and take their digests; specs that have one stay as they are."""
    known = known_digests() if DIGESTS.exists() else {}
    for spec in SPECS:
        if spec.name in known or (names and spec.name not in names):
            continue
        instance = spec.make()
        save(instance, path_of(spec))
        known[spec.name] = digest(instance)
        print(f"{spec.name}: {instance.n_persons} people, {instance.n_cells} cells", flush=True)
    with DIGESTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("spec", "sha256"))
        writer.writerows((spec.name, known[spec.name]) for spec in SPECS if spec.name in known)
