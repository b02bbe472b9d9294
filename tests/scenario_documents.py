"""Tiny scenario documents for the tests of the doors."""

import json
from pathlib import Path
from typing import Any


def document(n_people: int = 2, places: tuple[int, ...] = (2, 1), **header: Any) -> dict[str, Any]:
    """People who may share, cells W-1, W-2 … with places; more people than places crowd them."""
    return {
        "schema_version": 1,
        "name": f"tiny-{n_people}",
        "day": "2026-01-15",
        "units": [
            {"unit_id": "F", "unit_type": "facility"},
            {"unit_id": "W", "unit_type": "wing", "parent_id": "F"},
        ],
        "cells": [
            {
                "cell_id": f"W-{number}",
                "parent_id": "W",
                "cna": count,
                "working_capacity": count,
                "max_capacity": count,
                "area_m2": 20.0,
            }
            for number, count in enumerate(places, 1)
        ],
        "people": [
            {
                "person_id": f"P{number}",
                "sex": "M",
                "age_years": 30 + number,
                "legal_category": "sentenced",
                "sharing_assessed_at": "2026-01-01",
            }
            for number in range(1, n_people + 1)
        ],
        **header,
    }


def bad_document() -> dict[str, Any]:
    """Two problems: an unknown sex and an impossible age."""
    found = document()
    found["people"][0]["sex"] = "X"
    found["people"][1]["age_years"] = -4
    return found


def write(path: Path, found: dict[str, Any]) -> Path:
    """A .json scenario file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found), "utf-8")
    return path
