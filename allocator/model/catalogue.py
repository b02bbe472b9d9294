"""Every rule and goal: permanent id, English, unit of a breach, source.

The exact formulas are in docs/rules.md; one module in `allocator.rules` or `allocator.goals`
compiles each id and one function in `allocator.verify` checks it.
"""

from dataclasses import dataclass
from enum import StrEnum


class RuleId(StrEnum):
    """Permanent ids of rules; never reused."""

    ONE_BED = "R01-one-bed"
    CAPACITY = "R02-capacity"
    SEX_AND_AGE = "R03-sex-and-age"
    REMAND_SENTENCED = "R04-remand-sentenced"
    YOUNG_ADULTS = "R05-young-adults"
    SPACE_FLOOR = "R06-space-floor"
    SPACE_DAYS = "R07-space-days"
    SINGLE_CELL = "R08-single-cell"
    NON_ASSOCIATION = "R09-non-association"
    PROTECTION_NEED = "R10-protection-need"
    SECURITY_CATEGORY = "R11-security-category"
    LEAST_RESTRICTIVE = "R12-least-restrictive"
    AUTHORITY = "R13-authority"
    MEDICAL_CONSIDERED = "R14-medical-considered"
    EXPIRED_AUTHORITY = "R15-expired-authority"
    NO_SOLITARY = "R16-no-solitary"
    SPECIAL_NEEDS = "R17-special-needs"
    SOURCE_RECEPTIVE_CELL = "R18-source-receptive-cell"
    SOURCE_RECEPTIVE_UNIT = "R19-source-receptive-unit"
    UNIT_GROUP_CAP = "R20-unit-group-cap"
    LEADERS = "R21-leaders"
    DISPERSAL_CAP = "R22-dispersal-cap"
    SEALED_UNITS = "R23-sealed-units"
    FROZEN = "R24-frozen"
    MOVE_BUDGET = "R25-move-budget"
    COOLDOWN = "R26-cooldown"
    TRANSFERS = "R27-transfers"
    OFFICER_LOCKS = "R51-officer-locks"
    FIRST_TIME = "R71-first-time"
    STAFFING = "R72-staffing"
    COMMUNICATIONS = "R73-communications"


class GoalId(StrEnum):
    """Permanent ids of goals; never reused."""

    TIERS = "R31-tiers"
    SPILLOVER = "R32-spillover"
    COLLUSION = "R33-collusion"
    MOVES = "R34-moves"
    SPACE = "R35-space"
    NEAR_HOME = "R36-near-home"
    PROGRAMME = "R37-programme"
    SUPPORT = "R38-support"
    BURDEN = "R39-burden"
    LAST_PLAN = "R76-last-plan"


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule in words; `breach_unit` says what an amount of 1 is."""

    rule: RuleId
    words: str
    breach_unit: str
    source: str


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """One goal in words with the unit of its points."""

    goal: GoalId
    words: str
    unit: str
    source: str


RULES: tuple[RuleEntry, ...] = (
    RuleEntry(RuleId.ONE_BED, "Each person has exactly one place, or is named as unplaced.", "person", "Mandela 12; EPR 18.5"),
    RuleEntry(RuleId.CAPACITY, "A cell holds no more than its capacity; cells out of use and buffer cells hold nobody.", "triangular places over effective capacity", "hmpps-locations-inside-prison-api capacity rule"),
    RuleEntry(RuleId.SEX_AND_AGE, "Women and men never share a wing; children never share a wing or an exercise group with adults.", "person of the smaller class", "ICCPR 10; Mandela 11"),
    RuleEntry(RuleId.REMAND_SENTENCED, "People on remand and sentenced people are held apart.", "person of the smaller class", "EPR 18.8-18.9"),
    RuleEntry(RuleId.YOUNG_ADULTS, "Young adults are held apart from older adults.", "person of the smaller class", "EPR 18.8c"),
    RuleEntry(RuleId.SPACE_FLOOR, "Floor space per person is not below the hard floor.", "triangular places over the floor's number", "CPT/Inf (2015) 44; Muršić v Croatia"),
    RuleEntry(RuleId.SPACE_DAYS, "Whoever has been below the hard floor for the longest time allowed gets a cell with space.", "person", "Muršić v Croatia (27 days)"),
    RuleEntry(RuleId.SINGLE_CELL, "High sharing risk and unassessed people are alone in their cell.", "person", "CSRA; SACRA"),
    RuleEntry(RuleId.NON_ASSOCIATION, "People with a non-association, and members of rival groups, are kept apart at its level.", "pair", "hmpps-non-associations-api"),
    RuleEntry(RuleId.PROTECTION_NEED, "A person with a protection need is out of reach of the named source of danger.", "pair", "Rodić v Bosnia and Herzegovina"),
    RuleEntry(RuleId.SECURITY_CATEGORY, "The cell's security category is at least the person's.", "person", "cell-move validation"),
    RuleEntry(RuleId.LEAST_RESTRICTIVE, "A unit is no more severe than the person's authority permits.", "person", "EPR 18.10, 51.4"),
    RuleEntry(RuleId.AUTHORITY, "A unit above the ordinary regime needs a current authority of its kind.", "person", "Prison Rule 46A"),
    RuleEntry(RuleId.MEDICAL_CONSIDERED, "The authority shows that medical considerations were taken into account.", "person", "Prison Rule 46A(5)"),
    RuleEntry(RuleId.EXPIRED_AUTHORITY, "Nobody is held in a unit on an authority that has expired.", "person", "Prison Rule 46A(3)"),
    RuleEntry(RuleId.NO_SOLITARY, "Nobody is alone without contact unless an authority names it, never beyond the limit.", "person", "Mandela 43-45; EPR 53A"),
    RuleEntry(RuleId.SPECIAL_NEEDS, "A cell has what the person needs; cells reserved for a need go to those who have it.", "person", "EPR 39-43; Bangkok Rules"),
    RuleEntry(RuleId.SOURCE_RECEPTIVE_CELL, "Leaders and recruiters never share a cell with receptive people.", "person of the smaller class", "GCTF; (EU) 2023/681"),
    RuleEntry(RuleId.SOURCE_RECEPTIVE_UNIT, "Leaders and recruiters are kept off the unit of receptive people.", "person of the smaller class", "policy"),
    RuleEntry(RuleId.UNIT_GROUP_CAP, "Groups in assessment, intervention, separation and dedicated units stay small.", "person over the cap", "Inspectie JenV 2019"),
    RuleEntry(RuleId.LEADERS, "Few leaders in a wing; leaders of one network apart.", "person over the cap", "policy"),
    RuleEntry(RuleId.DISPERSAL_CAP, "Few people with VEO status in a wing or facility, or only in dedicated units.", "triangular people over the cap", "policy"),
    RuleEntry(RuleId.SEALED_UNITS, "A sealed unit shares no exercise, activity or worship group with another unit.", "person", "French QPR practice"),
    RuleEntry(RuleId.FROZEN, "A person who is frozen, or whose complaint is open, stays in the present cell.", "person", "medical, court and exam holds; Directive (EU) 2016/680, Art 13"),
    RuleEntry(RuleId.MOVE_BUDGET, "No more moves than the budget, the escort officers and the window allow.", "person or officer minute over the budget", "planning parameter P20"),
    RuleEntry(RuleId.COOLDOWN, "No second non-urgent move within the cooldown.", "person", "planning parameter P22"),
    RuleEntry(RuleId.TRANSFERS, "Facility transfers only along legally open pairs and with notice.", "person", "Rodić v Bosnia and Herzegovina, facts"),
    RuleEntry(RuleId.OFFICER_LOCKS, "What an officer has locked, forbidden or rejected stays so.", "person", "Directive (EU) 2016/680, Art 11: a human decides"),
    RuleEntry(RuleId.FIRST_TIME, "First-time prisoners are not celled with leaders, recruiters or enforcers.", "person of the smaller class", "CoE Skopje conclusions 2018"),
    RuleEntry(RuleId.STAFFING, "Caps fall in wings without enough trained staff.", "person over the cap", "dynamic security, CoE Sarajevo conclusions"),
    RuleEntry(RuleId.COMMUNICATIONS, "A person under a monitoring order is where the order can be carried out.", "person", "US State Department CT Bureau"),
)  # fmt: skip

GOALS: tuple[GoalEntry, ...] = (
    GoalEntry(GoalId.TIERS, "Tiers in order: unplaced, derogations, protection, exposure, moves, preferences; people with an authority are in a unit of its kind where the policy uses it.", "points", "IADSS 2017"),
    GoalEntry(GoalId.SPILLOVER, "Least exposure of receptive people to leaders and recruiters, and to coercion.", "points x contact", "H19, H23"),
    GoalEntry(GoalId.COLLUSION, "Least exposure of people in one network to one another.", "points x contact", "H14, H22"),
    GoalEntry(GoalId.MOVES, "Few people moved, fewer still among those for whom a move costs most.", "points", "Kreager et al.; EPR"),
    GoalEntry(GoalId.SPACE, "Single cells and space above the floor; crowding spread evenly.", "points", "Mandela 12"),
    GoalEntry(GoalId.NEAR_HOME, "A facility near home where there is one; distance is never a penalty.", "points", "EPR 17.1"),
    GoalEntry(GoalId.PROGRAMME, "A wing that offers the person's programme.", "points", "founding texts"),
    GoalEntry(GoalId.SUPPORT, "Good ties and stable pairs stay together.", "points x contact", "Kreager et al."),
    GoalEntry(GoalId.BURDEN, "Nobody carries repeated moves or repeated crowding.", "points", "fairness"),
    GoalEntry(GoalId.LAST_PLAN, "A plan that is revised changes for as few people as possible.", "points", "live re-planning: what was announced stands unless it cannot"),
)  # fmt: skip

RULE_BY_ID = {entry.rule: entry for entry in RULES}
GOAL_BY_ID = {entry.goal: entry for entry in GOALS}
