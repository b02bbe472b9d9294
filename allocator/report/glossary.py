"""Words that a report explains at its end."""

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "Effective capacity",
        (
            "Places in use that may be filled without a derogation: the working capacity, or the"
            " maximum capacity of separation and healthcare cells."
        ),
    ),
    (
        "Derogation",
        "A rule that a named role may sign away for named people, for a time. Never automatic.",
    ),
    (
        "Unlawful hold",
        "A person held in a restrictive unit without a current authority of its kind.",
    ),
    (
        "Exposure",
        (
            "Points of recorded influence between two people times how closely their places bring"
            " them together. A quantity for comparing plans, not a measurement of people."
        ),
    ),
    (
        "Spillover",
        "Exposure of people recorded as receptive to people with a recorded role.",
    ),
    ("Collusion", "Exposure of members of one network to one another."),
    ("Coercion", "Exposure to people recorded as coercing others."),
    ("Support", "Recorded good ties kept close; subtracted from exposure in the goals."),
    (
        "First placement",
        "A cell for somebody who has none yet. It does not count against the move budget.",
    ),
    (
        "Proven bound",
        (
            "No lawful plan can score lower than this. Where value and bound are equal, the goal is"
            " proven optimal."
        ),
    ),
    ("Verified", "A second, independent program has checked every rule and every value."),
)
