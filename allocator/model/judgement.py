"""What the verifier says of a placement."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.model.plan import Breach, Derogation
from allocator.model.vocabulary import ExposureKind, Tier


@dataclass(frozen=True, slots=True)
class Judgement:
    """Breaches sorted by rule, place and people; values recomputed from the scenario.

    Parameters
    ----------
    unlawful : breaches of hard rules; a plan with any of them never leaves the program.
    derogations : breaches of derogable rules, with price and signing role.
    conflicts : breaches of soft rules, priced in tier protection.
    notes : breaches of rules that the profile only reports.
    unlawful_holds : people whose present unit needs an authority that they do not have (R15),
        whatever the plan does with them; shown at the top of a plan.
    unplaced : person ids without a cell.
    tiers : value of every tier. exposure : Σ points · contact by kind, unweighted.
    """

    unlawful: tuple[Breach, ...]
    derogations: tuple[Derogation, ...]
    conflicts: tuple[Derogation, ...]
    notes: tuple[Breach, ...]
    unlawful_holds: tuple[str, ...]
    unplaced: tuple[str, ...]
    tiers: Mapping[Tier, int]
    exposure: Mapping[ExposureKind, int]

    @property
    def is_lawful(self) -> bool:
        """True when no hard rule is broken."""
        return not self.unlawful
