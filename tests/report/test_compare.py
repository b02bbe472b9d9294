"""The comparison of policies: numbers, order sentences, no recommendation where it flips."""

import pytest

from allocator.explain.headline import CAVEAT
from allocator.report.compare import (
    ONE_SET,
    ComparisonRow,
    compare_picture_svg,
    order_sentences,
    policy_letters,
    render_compare_html,
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
        worst_person_exposure=1900,
        unplaced=2,
        derogations=3,
        derogation_points=57,
        moves=11,
        single_cell_share=0.625,
        verified=True,
    )


STEADY = (
    row("dispersal", "P1", 7000, 2000),
    row("concentration", "P1", 3000, 5000),
    row("dispersal", "FLAT", 700, 200),
    row("concentration", "FLAT", 300, 400),
)
FLIPPED = (*STEADY[:3], row("concentration", "FLAT", 900, 100))


def test_an_order_that_holds_is_said_to_hold() -> None:
    spillover, collusion, _ = order_sentences(STEADY)
    assert spillover == (
        "By spillover, the order of the policies is the same under all 2 sets of contact weights,"
        " from low to high: concentration, dispersal."
    )
    assert "same under all 2 sets" in collusion


def test_an_order_that_flips_is_said_to_differ_and_nothing_is_best() -> None:
    page = render_compare_html(FLIPPED)
    assert order_sentences(FLIPPED)[0] == (
        "By spillover, the order differs by assumption. From low to high,"
        " P1: concentration, dispersal; FLAT: dispersal, concentration."
    )
    assert "order differs by assumption" in page
    assert "best" not in page.lower().split("</style>")[1]


def test_equal_values_share_a_rank() -> None:
    rows = tuple(row(p, w, 5, 7) for w in ("P1", "FLAT") for p in ("b", "a"))
    assert order_sentences(rows)[0].endswith("from low to high: a = b.")


def test_one_weight_set_leaves_the_question_open() -> None:
    assert order_sentences(STEADY[:2]) == (ONE_SET,)


def test_the_page_is_complete_and_needs_nothing_else() -> None:
    page = render_compare_html(FLIPPED)
    reader = Reader(page)
    assert CAVEAT in reader.text
    assert all(address.startswith("#") for address in reader.addresses)
    assert "http" not in page
    for text in ("7,000", "2,000", "1,300", "1,700", "1,900", "3 (57 points)", "62 %"):
        assert text in reader.text
    assert page.count('class="scatter"') == 2
    assert page.count('scope="row"') == len(FLIPPED)


def test_rows_that_were_not_verified_are_named() -> None:
    bad = ComparisonRow("mixed", "P1", 1, 1, 1, 1, 1, 0, 0, 0, 0, 0.5, verified=False)
    page = render_compare_html((*STEADY, bad))
    assert "1 plan in this comparison did not pass verification: mixed (P1)" in page
    assert "Not verified" not in render_compare_html(STEADY)


def test_the_picture_says_in_words_what_it_shows() -> None:
    picture = compare_picture_svg(STEADY, "P1")
    assert (
        'aria-label="A dispersal: spillover 7,000, collusion 2,000;'
        ' B concentration: spillover 3,000, collusion 5,000"' in picture
    )
    assert picture.count("<circle") == 2


@pytest.mark.parametrize("count", [3, 30])
def test_every_policy_has_its_own_letter(count: int) -> None:
    letters = policy_letters(tuple(row(f"p{k}", "P1", 0, 0) for k in range(count)))
    assert len(set(letters.values())) == count
