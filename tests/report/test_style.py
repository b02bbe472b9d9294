"""Colours of pages and reports can be told apart in both themes, and paper is always light."""

import re
from pathlib import Path

import pytest

import allocator.api
import allocator.report
from tests.report.contrast import colours_in_rules, contrast, themes

PAGE = (Path(allocator.api.__file__).parent / "static/page.css").read_text("utf-8")
REPORT = (Path(allocator.report.__file__).parent / "templates/style.css").read_text("utf-8")
STYLES = {"page": PAGE, "report": REPORT}
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("ground", "soft")
PAIRS: dict[str, dict[float, list[tuple[str, str]]]] = {
    "page": {
        TEXT: [
            *((text, ground) for text in ("text", "quiet", "link") for ground in GROUNDS),
            ("on-bar", "bar"), ("on-go", "go"), ("on-go", "go-over"), ("text", "softer"),
            ("on-focus", "focus"), ("quiet", "softer"),
            *((f"on-{tag}", tag) for tag in ("plain", "blue", "green", "red", "yellow")),
        ],
        SHAPE: [("bad", "ground"), ("good", "ground"), ("edge", "ground"), ("ring", "focus")],
    },
    "report": {
        TEXT: [
            *((text, ground) for text in ("ink", "quiet", "blue", "red") for ground in
              ("paper", "wash")),
            ("on-top", "top"), ("green", "go"), ("red", "stop"), ("deep", "wait"),
            ("on-focus", "focus"), ("ink", "s0"), ("ink", "s1"), ("ink", "s2"),
            ("on-shade", "s3"), ("on-shade", "s4"),
        ],
        SHAPE: [
            ("edge", "paper"), ("deep", "paper"), ("s3", "paper"), ("hatch", "paper"),
            ("flag", "paper"), ("ring", "focus"),
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_colours_can_be_told_apart(name: str) -> None:
    for theme, colours in themes(STYLES[name]).items():
        for least, pairs in PAIRS[name].items():
            weak = {
                (one, other): round(contrast(colours[one], colours[other]), 2)
                for one, other in pairs
                if contrast(colours[one], colours[other]) < least
            }
            assert weak == {}, theme


@pytest.mark.parametrize("name", STYLES)
def test_every_colour_belongs_to_both_themes(name: str) -> None:
    found = themes(STYLES[name])
    assert set(found["light"]) == set(found["dark"])
    assert colours_in_rules(STYLES[name]) == []
    used = set(re.findall(r"var\(--([\w-]+)\)", STYLES[name]))
    assert used <= set(found["light"])
    assert "color-scheme:light dark" in STYLES[name].replace(": ", ":")


def test_the_focus_can_be_seen_on_every_ground() -> None:
    """Two colours next to each other, one of which stands out from whatever is around."""
    for style, ground in ((PAGE, "ground"), (REPORT, "paper")):
        for colours in themes(style).values():
            ring = max(contrast(colours[one], colours[ground]) for one in ("focus", "ring"))
            assert ring >= SHAPE


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000", "#fff", 21.0), ("#777", "#ffffff", 4.48), ("#0b0c0c", "#fd0", 14.55)],
)
def test_contrast_is_as_it_is_defined(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("name", STYLES)
def test_paper_has_its_own_rules(name: str) -> None:
    assert "@media print" in STYLES[name]
    assert "@media screen and (prefers-color-scheme" in STYLES[name]
    assert not re.search(r"@media \(prefers-color-scheme", STYLES[name])


def test_rows_of_a_report_stay_with_their_headings_on_paper() -> None:
    """Two rows stay with the headings, and two at the end; only those of the first body.

    Of tables with many bodies the first row of each was kept with the body before, so that nothing
    of them could be broken. Printed by Chromium, 10 of 170 tables left a row alone before.
    """
    paper = REPORT.partition("@media print{")[2]
    assert "h2,h3,caption{break-after:avoid}" in paper
    assert "thead+tbody tr:nth-child(-n+2),tbody tr:last-child{break-before:avoid}" in paper
    assert "tr:first-child{break-before" not in paper


def test_the_margin_of_a_page_leaves_its_height_alone() -> None:
    """`.wide` took the space below from `main`, which is as wide: text touched the footer."""
    wide = re.search(r"\.wide\{([^}]*)\}", REPORT)
    assert wide is not None
    assert "padding-left:1rem;padding-right:1rem" in wide[1]
    assert "padding:" not in wide[1]
    assert "main{padding-bottom:4rem}" in REPORT
