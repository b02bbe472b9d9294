"""An instance as one `.npz` file: plain arrays and one JSON header, no pickles.

A file is the exact problem that every method gets; its digest is over the arrays and the header, so
that it does not depend on how they were compressed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from allocator.model import shapes as shape_module
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.policy import TierSetting
from allocator.model.shapes import IntArray, Penalty, Shape
from allocator.model.vocabulary import Level, Tier

SHAPES: dict[str, type[Any]] = {
    name: getattr(shape_module, name)
    for name in (
        "Alone", "Apart", "CellPoints", "Count", "Eligible", "LoadPoints", "MoveLimit",
        "MovePoints", "OneClass", "PairPoints", "Placed", "Stay",
    )
}  # fmt: skip
ARRAYS = ("places", "max_places", "current", "contact_class", "contact", "cell_contact")
Stored = tuple[dict[str, Any], dict[str, IntArray]]


def to_arrays(instance: Instance) -> Stored:
    """Header and arrays; names are left out, for methods do not need them."""
    arrays = {name: np.asarray(getattr(instance, name), dtype=np.int64) for name in ARRAYS}
    for level, units in instance.unit_of.items():
        arrays[f"unit_of.{level.value}"] = units.astype(np.int64)
    rows = [_shape_row(k, shape, arrays) for k, shape in enumerate(instance.shapes)]
    header = {
        "levels": [level.value for level in instance.unit_of],
        "tiers": [[s.tier.value, s.tolerance_permille] for s in instance.tiers],
        "shapes": rows,
    }
    return header, arrays


def _shape_row(k: int, shape: Shape, arrays: dict[str, IntArray]) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": type(shape).__name__}
    for field in fields(shape):
        value = getattr(shape, field.name)
        if isinstance(value, np.ndarray):
            arrays[f"shape.{k}.{field.name}"] = value.astype(np.int64)
        elif isinstance(value, Penalty):
            row[field.name] = [value.tier.value, value.price]
        else:
            row[field.name] = value
    return row


def from_arrays(header: Mapping[str, Any], arrays: Mapping[str, IntArray]) -> Instance:
    """The instance of a header and its arrays; people and cells are numbered."""
    return Instance(
        person_ids=tuple(f"p{i}" for i in range(len(arrays["places"]))),
        cell_ids=tuple(f"c{c}" for c in range(len(arrays["max_places"]))),
        unit_of={Level(name): arrays[f"unit_of.{name}"] for name in header["levels"]},
        shapes=tuple(_shape(k, row, arrays) for k, row in enumerate(header["shapes"])),
        tiers=tuple(TierSetting(Tier(name), tolerance) for name, tolerance in header["tiers"]),
        places=arrays["places"],
        max_places=arrays["max_places"],
        current=arrays["current"],
        contact_class=arrays["contact_class"],
        contact=arrays["contact"],
        cell_contact=arrays["cell_contact"],
    )


def _shape(k: int, row: Mapping[str, Any], arrays: Mapping[str, IntArray]) -> Shape:
    kind = SHAPES[row["kind"]]
    values: dict[str, Any] = {}
    for field in fields(kind):
        key = f"shape.{k}.{field.name}"
        values[field.name] = arrays[key] if key in arrays else _plain(field.name, row[field.name])
    shape: Shape = kind(**values)
    return shape


def _plain(name: str, value: Any) -> Any:
    """A stored value as the enumeration or penalty it was."""
    if value is None:
        return None
    if name == "penalty":
        return Penalty(Tier(value[0]), value[1])
    if name == "rule":
        return RuleId(value)
    if name == "goal":
        return GoalId(value) if value in set(GoalId) else RuleId(value)
    if name == "tier":
        return Tier(value)
    return Level(value) if name == "level" else value


def digest(instance: Instance) -> str:
    """SHA-256 over header and arrays, in hexadecimal."""
    header, arrays = to_arrays(instance)
    total = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    for name in sorted(arrays):
        total.update(f"{name}{arrays[name].shape}".encode())
        total.update(np.ascontiguousarray(arrays[name], dtype="<i8").tobytes())
    return total.hexdigest()


def save(instance: Instance, path: Path) -> None:
    """Write an instance; arrays take the smallest integer type that holds them."""
    header, arrays = to_arrays(instance)
    text = np.frombuffer(json.dumps(header, sort_keys=True).encode(), dtype=np.uint8)
    packed: dict[str, Any] = {name: _narrow(array) for name, array in arrays.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, header=text, **packed)


def _narrow(array: IntArray) -> np.ndarray[Any, Any]:
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    kinds = (np.int8, np.int16, np.int32, np.int64)
    kind = next(k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
    return array.astype(kind)


def load(path: Path) -> Instance:
    """Read an instance written by `save`."""
    with np.load(path, allow_pickle=False) as stored:
        header = json.loads(stored["header"].tobytes())
        arrays = {name: stored[name].astype(np.int64) for name in stored.files if name != "header"}
    return from_arrays(header, arrays)
