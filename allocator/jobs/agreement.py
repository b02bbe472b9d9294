"""What the shapes say of a cell against what the judge finds: one comparison for every door."""

from collections import Counter
from collections.abc import Iterable, Mapping

from allocator.errors import InternalError
from allocator.explain.offers import Share
from allocator.model.catalogue import RuleId
from allocator.model.judgement import Judgement
from allocator.model.vocabulary import Tier

PRICED_BY_RULE = (Tier.DEROGATIONS, Tier.PROTECTION)


def differences(
    before: Judgement, after: Judgement, tiers: Mapping[Tier, int], shares: Iterable[Share]
) -> list[str]:
    """Where changes that are said are not the judge's: of a tier, or of a priced rule."""
    said = Counter[tuple[Tier, RuleId]]()
    total = Counter[Tier]()
    for share in shares:
        total[share.tier] += share.points
        if share.tier in PRICED_BY_RULE and isinstance(share.source, RuleId):
            said[share.tier, share.source] += share.points
    changes = {tier: after.tiers[tier] - before.tiers[tier] for tier in after.tiers}
    wrong = [
        f"{tier}: said {tiers.get(tier, 0):+}, in parts {total[tier]:+}, judge {true:+}"
        for tier, true in changes.items()
        if not tiers.get(tier, 0) == total[tier] == true
    ]
    found = points_by_rule(after)
    found.subtract(points_by_rule(before))
    wrong += [
        f"{rule} in {tier}: said {said[tier, rule]:+}, judge {found[tier, rule]:+}"
        for tier, rule in sorted(said.keys() | found.keys())
        if rule is not RuleId.ONE_BED and said[tier, rule] != found[tier, rule]
    ]
    return wrong


def points_by_rule(judged: Judgement) -> Counter[tuple[Tier, RuleId]]:
    """The judge's points of rules that are signed or weighed."""
    total = Counter[tuple[Tier, RuleId]]()
    for tier, entries in zip(PRICED_BY_RULE, (judged.derogations, judged.conflicts), strict=True):
        for entry in entries:
            total[tier, entry.breach.rule] += entry.points
    return total


def refuse(cell_id: str, wrong: Iterable[str]) -> None:
    """Show nothing where the judge says otherwise.

    Raises
    ------
    InternalError
        If there is anything wrong.
    """
    faults = "; ".join(wrong)
    if faults:
        raise InternalError(
            f"What was to be said of {cell_id} failed its verification, so nothing is shown. This "
            "is a fault of the program and not of your data; please report it.",
            f"{cell_id}: {faults}",
        )
