"""Constrained types that the wire models of scenarios, presets and plans are made of."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_FIELD_CHARACTERS = 10_000
MAX_ID_CHARACTERS = 100
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)

# Text never starts as a spreadsheet formula does, and holds no control or invisible character.
_FIRST = r"[^=+\-@\p{C}"
Id = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=MAX_ID_CHARACTERS,
        pattern=rf"^{_FIRST}|][^|\p{{C}}]*$",
    ),
]
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=MAX_FIELD_CHARACTERS,
        pattern=rf"^{_FIRST}][^\p{{C}}]*$",
    ),
]
OptionalText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=MAX_FIELD_CHARACTERS,
        pattern=rf"^({_FIRST}][^\p{{C}}]*)?$",
    ),
]
Prose = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=MAX_FIELD_CHARACTERS,
        pattern=rf"^({_FIRST}]([^\p{{C}}]|\n)*)?$",
    ),
]

Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Hours = Annotated[float, Field(ge=0, le=24)]
Area = Annotated[float, Field(gt=0, le=500)]
Age = Annotated[int, Field(ge=10, le=110)]
Places = Annotated[int, Field(ge=0, le=99)]
SomePlaces = Annotated[int, Field(ge=1, le=99)]
RegimeLevel = Annotated[int, Field(ge=0, le=5)]
Strength = Annotated[int, Field(ge=1, le=3)]
DayCount = Annotated[int, Field(ge=0, le=40_000)]
SmallCount = Annotated[int, Field(ge=0, le=1_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Weight = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Price = Annotated[int, Field(ge=1, le=1_000)]
Permille = Annotated[int, Field(ge=0, le=1_000)]
Multiplier = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class Wire(BaseModel):
    """Base of every wire model: strict, closed and frozen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
