"""The plan as one HTML file that needs nothing else: no script, no font, no request."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup, escape

from allocator.explain.breakdown import Breakdown
from allocator.explain.cell_map import CellMap, MapCell, MapWing
from allocator.explain.exposure import KindExposure
from allocator.model.vocabulary import ExposureKind, UnitType
from allocator.report import decision_tables, drawing, estate_tables, form, tables
from allocator.report.glossary import GLOSSARY

if TYPE_CHECKING:
    from jinja2 import Environment

Row = TypeVar("Row")

MAP_CELLS = 1500
WINGS_SHOWN = 12
CONTENTS = (
    ("shortfall", "What is missing"),
    ("derogations", "Derogations to decide"),
    ("decisions", "Decisions and complaints"),
    ("exposure", "Exposure"),
    ("people", "People most exposed"),
    ("map", "Map"),
    ("revision", "Changes against the last plan"),
    ("occupancy", "Places and people"),
    ("moves", "Moves"),
    ("space", "Days below the space floors"),
    ("reviews", "Review calendar"),
    ("quality", "Data quality"),
    ("goals", "Goals and proof"),
    ("provenance", "Provenance"),
    ("glossary", "Words used"),
)
TABLES: dict[str, Callable[[Breakdown], tables.Table]] = {
    "holds": tables.hold_table,
    "unplaced": tables.unplaced_table,
    "derogations": tables.derogation_table,
    "unmet": tables.unmet_table,
    "kinds": tables.kind_table,
    "exposed": tables.exposed_table,
    "categories": lambda b: estate_tables.category_table(b.categories),
    "units": lambda b: estate_tables.unit_table(b.units),
    "departures": tables.departure_table,
    "reasons": tables.reason_table,
    "moves": tables.moves_table,
    "space": lambda b: tables.space_table(b.space),
    "reviews": lambda b: estate_tables.review_table(b.reviews),
    "quality": lambda b: estate_tables.quality_table(b.quality),
    "tiers": estate_tables.tier_table,
    "complaints": lambda b: decision_tables.complaint_table(b.complaints),
    "decided": lambda b: decision_tables.decision_table(b.decisions),
    "step_downs": lambda b: decision_tables.step_down_table(b.step_downs),
}
WING_KINDS = (
    ExposureKind.SPILLOVER,
    ExposureKind.COERCION,
    ExposureKind.COLLUSION,
    ExposureKind.SUPPORT,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows shown at once, or folded away."""

    rows: tuple[Any, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One shade of the map with the exposure it stands for."""

    number: int
    words: str


@cache
def environment() -> "Environment":
    """Templates with escaping on and undefined names refused."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("allocator.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters |= {
        "n": form.thousands,
        "percent": form.percent,
        "long_date": form.long_date,
        "plural": form.plural,
        "rule_number": form.rule_number,
        "with_code": with_code,
    }
    return found


def with_code(text: str) -> Markup:
    """Text in which what stands between backticks is code."""
    parts = str(escape(text)).split("`")
    return Markup(  # noqa: S704 - escaped above
        "".join(f"<code>{part}</code>" if k % 2 else part for k, part in enumerate(parts))
    )


@cache
def style_sheet() -> str:
    """The style sheet, to be put inline."""
    return (files("allocator.report") / "templates" / "style.css").read_text("utf-8")


def render_page(breakdown: Breakdown, map_cells: int = MAP_CELLS) -> str:
    """The report; estates of more than `map_cells` cells get an overview instead of the map."""
    from markupsafe import Markup

    return (
        environment()
        .get_template("report.html.j2")
        .render(
            b=breakdown,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
            tables={name: make(breakdown) for name, make in TABLES.items()},
            contents=_contents(breakdown),
            glossary=GLOSSARY,
            kind_words=form.KIND_WORDS,
            wing_kinds=WING_KINDS,
            change_words=change_words,
            share=estate_tables.share,
            bar_pair=drawing.bar_pair,
            largest_kind=max((max(k.before, k.after) for k in breakdown.kinds), default=0),
            **_wing_parts(breakdown),
            **_map_parts(breakdown, map_cells),
        )
    )


def change_words(kind: KindExposure) -> str:
    """A change with its share; an increase from nothing has no share."""
    if not kind.change:
        return "no change"
    share = f" ({form.signed(kind.change_percent)} %)" if kind.change_percent else ""
    return f"{form.signed(kind.change)}{share}"


def _contents(breakdown: Breakdown) -> tuple[tuple[str, str], ...]:
    absent = set()
    if not (breakdown.shortfall or breakdown.conflicts or breakdown.unplaced):
        absent.add("shortfall")
    if not (breakdown.complaints or breakdown.decisions):
        absent.add("decisions")
    if breakdown.revision is None:
        absent.add("revision")
    if not breakdown.reader.sees_intelligence:
        absent.add("people")
    return tuple(entry for entry in CONTENTS if entry[0] not in absent)


def _wing_parts(breakdown: Breakdown) -> dict[str, Any]:
    wings = breakdown.wings
    if len(wings) > WINGS_SHOWN:
        wings = tuple(sorted(wings, key=lambda wing: -wing.harm_after))
    return {
        "wing_parts": _parts(wings),
        "largest_wing": max((max(w.harm_before, w.harm_after) for w in wings), default=0),
    }


def _parts(rows: tuple[Row, ...]) -> tuple[Part, ...]:
    first = Part(rows[:WINGS_SHOWN], folded=False)
    rest = Part(rows[WINGS_SHOWN:], folded=True)
    return (first, rest) if rest.rows else (first,)


def _map_parts(breakdown: Breakdown, map_cells: int) -> dict[str, Any]:
    if breakdown.cell_map.n_cells > map_cells:
        wings = tuple(u for u in breakdown.units if u.unit_type is UnitType.WING)
        percents = [side.percent or 0 for u in wings for side in (u.before, u.after)]
        wings = tuple(sorted(wings, key=lambda unit: -(unit.after.percent or 0)))
        return {
            "draw_map": False,
            "glance_parts": _parts(wings or breakdown.units),
            "largest_percent": max(percents, default=0),
        }
    found = breakdown.cell_map.wings
    return {
        "draw_map": True,
        "steps": _steps(breakdown.cell_map.steps),
        "many_facilities": len({wing.facility for wing in found}) > 1,
        "mini_map": drawing.mini_map,
        "cell_svg": drawing.cell_svg,
        "wing_tables": [
            _wing_table(number, wing, breakdown.cell_map)
            for number, wing in enumerate(found, start=1)
        ],
    }


def _steps(ends: tuple[int, ...]) -> tuple[Step, ...]:
    steps = [Step(0, "no exposure")]
    low = 1
    for number, end in enumerate(ends, start=1):
        same = low == end
        words = form.thousands(end) if same else f"{form.thousands(low)} to {form.thousands(end)}"
        steps.append(Step(number, words))
        low = end + 1
    return tuple(steps)


def _wing_table(number: int, wing: MapWing, drawn: CellMap) -> tables.Table:
    rows = tuple(
        (
            cell.cell_id,
            landing.name,
            form.thousands(cell.places),
            form.thousands(cell.taken_before),
            form.thousands(cell.taken_after),
            *(_exposure_texts(cell) if drawn.shows_exposure else ()),
            ", ".join(["over capacity"] * cell.is_over + drawing.cell_remarks(cell)),
        )
        for landing in wing.landings
        for cell in landing.cells
    )
    exposure = ("#Exposure now", "#Exposure, plan") if drawn.shows_exposure else ()
    heads = tables.columns(
        "Cell", "Landing", "#Places", "#Taken now", "#Taken, plan", *exposure, "Note"
    )
    return tables.Table(
        f"wing-{number}", f"Cells of {wing.name}", heads, rows, first=len(rows), cap=len(rows)
    )


def _exposure_texts(cell: MapCell) -> tuple[str, str]:
    return form.thousands(cell.exposure_before), form.thousands(cell.exposure_after)
