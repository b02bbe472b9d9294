"""The order of policies in words: same, differing, equal, or in doubt; nothing is called best."""

from allocator.report.order import ONE_SET, Scored, order_sentences

GRAPHS = 20


def scored(
    policy: str, weights: str, spillover: int, collusion: int, spread: int = 0, turn: int = 1
) -> Scored:
    """Draws go evenly from the value less `spread` to the value plus it; down when turn is -1."""
    steps = [2 * k - GRAPHS + 1 for k in range(GRAPHS)][::turn]
    return Scored(
        policy,
        weights,
        {"spillover": spillover, "collusion": collusion, "coercion": 1, "support": 1},
        {
            "spillover": [spillover + spread * k // (GRAPHS - 1) for k in steps],
            "collusion": [collusion] * GRAPHS,
        },
    )


STEADY = [
    scored("dispersal", "P1", 7000, 2000),
    scored("dispersal", "FLAT", 700, 200),
    scored("concentration", "P1", 3000, 5000),
    scored("concentration", "FLAT", 300, 400),
]


def test_an_order_that_holds_is_said_to_hold() -> None:
    spillover, collusion, _ = order_sentences(STEADY)
    assert spillover == (
        "By spillover, the order of the policies is the same under all 2 sets of contact weights,"
        " from low to high: concentration, dispersal. No ranges under uncertain edges overlap."
    )
    assert "same under all 2 sets" in collusion


def test_an_order_that_flips_is_said_to_differ_with_the_sets_that_agree_together() -> None:
    flipped = [
        *STEADY[:3],
        scored("concentration", "FLAT", 900, 100),
        scored("dispersal", "STEEP", 70, 20),
        scored("concentration", "STEEP", 30, 40),
    ]
    spillover = order_sentences(flipped)[0]
    assert spillover.startswith(
        "By spillover, the order differs by assumption. From low to high,"
        " P1, STEEP: concentration, dispersal; FLAT: dispersal, concentration."
    )
    assert not any("best" in sentence.lower() for sentence in order_sentences(flipped))


def test_a_set_that_tells_no_policies_apart_does_not_make_the_order_differ() -> None:
    equal = [scored(policy, "ALL", 50, 60) for policy in ("dispersal", "concentration")]
    assert order_sentences([*STEADY, *equal])[0].startswith(
        "By spillover, the order of the policies is the same under all 2 sets of contact weights"
        " that tell them apart, from low to high: concentration, dispersal; under ALL they are"
        " equal."
    )


def test_equal_values_share_a_rank_and_are_in_no_doubt() -> None:
    rows = [
        scored(p, w, v, 7, 2) for w in ("P1", "FLAT") for p, v in (("b", 5), ("a", 5), ("c", 90))
    ]
    assert order_sentences(rows)[0].endswith(
        "from low to high: a = b, c. No ranges under uncertain edges overlap."
    )
    assert order_sentences(rows)[1].startswith(
        "By collusion, the policies are equal under all 2 sets of contact weights. No ranges"
    )


def test_overlapping_ranges_are_named_with_the_graphs_that_keep_the_order() -> None:
    """100 ± 19 rising against 110 ± 19 falling: lower in the first 12 or 13 of 20 graphs."""
    rows = [
        scored("a", "P1", 100, 1, 19),
        scored("b", "P1", 110, 2, 19, turn=-1),
        scored("a", "FLAT", 100, 1, 19),
        scored("b", "FLAT", 105, 2, 19),
    ]
    first, second = rows[0].draws["spillover"], rows[1].draws["spillover"]
    kept = sum(x < y for x, y in zip(first, second, strict=True))
    assert 10 < kept < 15
    assert order_sentences(rows)[0].endswith(
        "from low to high: a, b. Ranges under uncertain edges overlap: a and b under P1, FLAT,"
        f" their order the same in {kept} of 20 drawn graphs at the least."
    )
    assert order_sentences([*rows[2:], scored("a", "P1", 1, 1), scored("b", "P1", 90, 2)])[
        0
    ].endswith("a and b under FLAT, their order the same in all 20 drawn graphs.")


def test_both_exposures_together_are_added_draw_by_draw() -> None:
    """Spillover and collusion that move against one another leave their sum as it is."""
    rows = [
        Scored(
            policy,
            weights,
            {"spillover": value, "collusion": 50},
            {"spillover": [value - 9, value + 9], "collusion": [59, 41]},
        )
        for weights in ("P1", "FLAT")
        for policy, value in (("a", 40), ("b", 45))
    ]
    spillover, _, together = order_sentences(rows)
    assert "overlap: a and b" in spillover
    assert together.endswith("No ranges under uncertain edges overlap.")


def test_one_weight_set_leaves_the_question_open() -> None:
    assert order_sentences([STEADY[0], STEADY[2]]) == (ONE_SET,)
