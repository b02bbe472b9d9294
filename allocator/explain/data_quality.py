"""What the plan could not know: expired, missing and thin records (R46). Counts only, no names."""

from collections import defaultdict
from dataclasses import dataclass

from allocator.model.facts import receptivity_of, role_of
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import FindingKind, Grade, NetworkRole


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One kind of gap: how many of how many, and what the program does about it."""

    words: str
    count: int
    of: int
    effect: str

    @property
    def percent(self) -> int | None:
        """Share in whole per cent, rounded down, None of nothing."""
        return 100 * self.count // self.of if self.of else None


def data_quality(scenario: Scenario) -> tuple[QualityLine, ...]:
    """All lines, those without a gap included: zero is a statement too."""
    return (*_finding_lines(scenario), *_edge_lines(scenario), *_place_lines(scenario))


def _finding_lines(scenario: Scenario) -> tuple[QualityLine, ...]:
    people = scenario.people
    no_role = sum(role_of(scenario, p) is NetworkRole.UNKNOWN for p in people)
    no_grade = sum(receptivity_of(scenario, p) is Grade.UNKNOWN for p in people)
    expired = sum(not finding.is_current(scenario.day) for finding in scenario.findings)
    unassessed = sum(
        p.sharing_assessed_at is None or p.sharing_assessed_at > scenario.day for p in people
    )
    counted = "counted only where newly arrived, linked or once assessed"
    lapsed_role = _lapsed(scenario, FindingKind.NETWORK_ROLE)
    lapsed_grade = _lapsed(scenario, FindingKind.RECEPTIVITY)
    findings = (
        ("People whose role is unknown", no_role, "no role is assumed"),
        ("of these, with a role finding that lapsed", lapsed_role, "renew it first"),
        ("People whose receptivity is unknown", no_grade, counted),
        ("of these, with a receptivity finding that lapsed", lapsed_grade, "renew it first"),
        ("People without a cell sharing risk assessment", unassessed, "planned into a cell alone"),
    )
    n_findings = len(scenario.findings)
    return (
        QualityLine("Findings expired or not yet valid", expired, n_findings, "not used"),
        *(QualityLine(words, count, len(people), effect) for words, count, effect in findings),
    )


def _lapsed(scenario: Scenario, kind: FindingKind) -> int:
    return sum(
        scenario.has_finding(p.person_id, kind)
        and scenario.current_finding(p.person_id, kind) is None
        for p in scenario.people
    )


def _edge_lines(scenario: Scenario) -> tuple[QualityLine, ...]:
    current = [edge for edge in scenario.influence_edges if edge.is_current(scenario.day)]
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in current:
        pair = (min(edge.source, edge.target), max(edge.source, edge.target))
        sources[pair].add(edge.author)
    single = sum(len(authors) == 1 for authors in sources.values())
    n_edges = len(scenario.influence_edges)
    return (
        QualityLine(
            "Pieces of evidence of influence that have expired",
            n_edges - len(current),
            n_edges,
            "not used",
        ),
        QualityLine(
            "Pairs of people linked by one source only",
            single,
            len(sources),
            "used as graded; a second source would confirm or correct them",
        ),
    )


def _place_lines(scenario: Scenario) -> tuple[QualityLine, ...]:
    in_use = [cell for cell in scenario.estate.cells if scenario.estate.is_in_use(cell)]
    unknown = sum(cell.area_m2 is None for cell in in_use)
    return (
        QualityLine(
            "Cells in use whose floor area is not recorded",
            unknown,
            len(in_use),
            "not judged against the space floors",
        ),
    )
