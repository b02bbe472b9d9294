"""The page of a comparison: every number with its range, in words as in the picture."""

from dataclasses import replace

import pytest

from allocator.explain.headline import CAVEAT
from allocator.explain.outcomes import Outcomes
from allocator.report.compare import (
    ComparisonRow,
    policy_letters,
    render_compare_html,
    set_picture,
)
from tests.report.test_page import Reader


def row(policy: str, weights: str, spillover: int, collusion: int) -> ComparisonRow:
    return ComparisonRow(
        policy=policy,
        contact_weights=weights,
        spillover=spillover,
        collusion=collusion,
        coercion=1300,
        support=1700,
        ranges={
            "spillover": (spillover - 11, spillover + 2300),
            "collusion": (collusion - 13, collusion + 170),
            "coercion": (1291, 1302),
            "support": (1693, 1705),
        },
        worst_person_exposure=1900,
        unplaced=2,
        derogations=3,
        derogation_points=57,
        outcomes=Outcomes(
            moves=11, officer_minutes=1470, alone=5, placed=8, near_home=2, with_home=3
        ),
        verified=True,
    )


STEADY = (
    row("dispersal", "P1", 7000, 2000),
    row("concentration", "P1", 3000, 5000),
    row("dispersal", "FLAT", 700, 200),
    row("concentration", "FLAT", 300, 400),
)
SAID = ("By spillover, nothing is said.", "By collusion, <nothing> either.")


def test_the_page_is_complete_and_needs_nothing_else() -> None:
    page = render_compare_html(STEADY, SAID)
    reader = Reader(page)
    assert CAVEAT in reader.text
    assert all(address.startswith("#") for address in reader.addresses)
    assert "http" not in page
    for text in ("7,000", "2,000", "1,300", "1,700", "1,900", "3 (57 points)", "62 % of 8"):
        assert text in reader.text
    for text in ("24.5", "67 % of 3"):
        assert text in reader.text
    for text in ("6,989 to 9,300", "1,987 to 2,170", "1,291 to 1,302", "1,693 to 1,705"):
        assert text in reader.text
    assert all(sentence in reader.text for sentence in SAID)
    assert page.count('class="scatter"') == 2
    assert page.count('scope="row"') == len(STEADY) + 2


def test_a_comparison_from_before_the_counts_is_shown_without_them() -> None:
    page = render_compare_html(tuple(replace(row, outcomes=None) for row in STEADY), SAID)
    assert "62 % of 8" not in page
    assert page.count('scope="row"') == len(STEADY) + 2


def test_rows_that_were_not_verified_are_named() -> None:
    page = render_compare_html((*STEADY, replace(STEADY[0], policy="mixed", verified=False)), SAID)
    assert "1 plan in this comparison did not pass verification: mixed (P1)" in page
    assert "Not verified" not in render_compare_html(STEADY, SAID)


def test_the_picture_says_in_words_what_it_shows() -> None:
    picture = set_picture(STEADY, "P1")
    assert (
        'aria-label="A dispersal: spillover 7,000 (6,989 to 9,300), collusion 2,000 (1,987 to'
        " 2,170); B concentration: spillover 3,000 (2,989 to 5,300), collusion 5,000 (4,987 to"
        ' 5,170)"' in picture
    )
    assert picture.count("<circle") == 2


def test_whiskers_go_from_end_to_end_of_the_ranges_and_stay_in_the_picture() -> None:
    """Axes end at the highest ends, 9,300 and 5,170: 268 and 214 dots long from (16, 254)."""
    picture = set_picture(STEADY, "P1")
    y, x = 254 - 214 * 2000 / 5170, 16 + 268 * 7000 / 9300
    left, right = 16 + 268 * 6989 / 9300, 16 + 268
    low, high = 254 - 214 * 1987 / 5170, 254 - 214 * 2170 / 5170
    assert f'"M{left:.1f} {y:.1f}H{right:.1f}M{x:.1f} {low:.1f}V{high:.1f}' in picture
    assert picture.count('class="whisker"') == 2


@pytest.mark.parametrize("count", [3, 30])
def test_every_policy_has_its_own_letter(count: int) -> None:
    letters = policy_letters(tuple(row(f"p{k}", "P1", 0, 0) for k in range(count)))
    assert len(set(letters.values())) == count
