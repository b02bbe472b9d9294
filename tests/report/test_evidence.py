"""Evidence between a person and others in words: how much, how old, with how many listed."""

from typing import Any

from allocator.cli.explain_screen import pair_words
from allocator.report.evidence import evidence_words, total_words

NONE: dict[str, Any] = {"pieces": 0, "expired": 0, "kinds": [], "grades": []}
ONLY = "no piece of evidence, only what is recorded of each person"


def test_evidence_says_how_much_and_how_old() -> None:
    none = {"pieces": 0, "expired": 2, "kinds": [], "grades": []}
    assert evidence_words(none) == (
        "no piece of evidence, only what is recorded of each person; 2 expired and not used"
    )
    some = none | {
        "pieces": 3, "expired": 0, "kinds": ["co_defendant"], "grades": ["B", "C"],
        "newest_age_days": 5, "oldest_age_days": 1211,
    }  # fmt: skip
    assert evidence_words(some) == (
        "3 pieces of evidence (co defendant; grade B, C), 5 to 1,211 days old"
    )


def test_the_largest_change_reads_as_a_change() -> None:
    """ "+480 points in the planned place, up to +0 elsewhere" read as 0 points elsewhere."""
    pair = NONE | {"person_id": "P2", "points": 480, "largest_change": 0}
    assert pair_words(pair) == (
        f"with P2: +480 points in the planned place, the same elsewhere; {ONLY}"
    )
    changed = pair_words(pair | {"largest_change": -1480})
    assert "+480 points in the planned place, changed by up to -1,480 elsewhere; " in changed


def test_the_total_says_how_many_of_all_are_listed() -> None:
    def words(people: int, listed: int) -> str:
        return total_words({"evidence": NONE | {"people": people}, "pairs": [{}] * listed})

    start = "In all, recorded information on"
    assert words(11, 5) == f"{start} 11 other people, 5 of them listed: {ONLY}."
    assert words(2, 2) == f"{start} 2 other people, all listed: {ONLY}."
    assert words(1, 1) == f"{start} 1 other person, listed: {ONLY}."
    assert words(1, 0) == f"{start} 1 other person: {ONLY}."
    assert words(0, 0) == ""
