"""Reasons from fixed lists (R53). None of them is a want of staff for what the law's floor asks."""

from dataclasses import astuple, dataclass, fields
from enum import StrEnum

from allocator.errors import ConfigError
from allocator.model.locks import LockReason

MOVE_REASONS = frozenset(reason.value for reason in LockReason)
"""Why a move is approved or refused: the reasons in use in prison services, and health."""


class UnfitReasonError(ConfigError):
    """The reason is not on the fixed list, or words are missing that must be given."""

    code = "reason_unfit"


class DerogationReason(StrEnum):
    """Why a named person lets a rule be broken for a while."""

    NO_LAWFUL_PLACE = "no_lawful_place"
    CELLS_OUT_OF_USE = "cells_out_of_use"
    ARRIVALS_BY_COURT_ORDER = "arrivals_by_court_order"
    SAFETY_OF_A_PERSON = "safety_of_a_person"
    HEALTH = "health"
    FAMILY_OR_DEFENCE = "family_or_defence"


class FailureReason(StrEnum):
    """Why a step was not carried out."""

    PERSON_REFUSED = "person_refused"
    PERSON_AWAY = "person_away"
    CELL_NOT_READY = "cell_not_ready"
    NO_ESCORT = "no_escort"
    HEALTH = "health"
    INCIDENT = "incident"


class RejectionReason(StrEnum):
    """Why a plan as a whole is not wanted."""

    ITEMS_REFUSED = "items_refused"
    DATA_IN_DOUBT = "data_in_doubt"
    EXPOSURE = "exposure"
    UNFAIR = "unfair"
    TOO_MANY_MOVES = "too_many_moves"
    NO_LONGER_WANTED = "no_longer_wanted"


class Seen(StrEnum):
    """What a reviewer says to have looked at; a review needs all of them."""

    EXPOSURES = "exposures"
    DEROGATIONS = "derogations"
    WORST_OFF = "worst_off"
    DATA_QUALITY = "data_quality"


@dataclass(frozen=True, slots=True)
class Plann:
    """The five questions about a restrictive placement, each answered in words.

    References
    ----------
    .. [1] CPT, 21st General Report, 2011, on solitary confinement: the test by proportionality,
       lawfulness, accountability, necessity and non-discrimination. We take the five headings.
    """

    proportionate: str
    lawful: str
    accountable: str
    necessary: str
    non_discriminatory: str

    def text(self) -> str:
        """The answers as one text.

        Raises
        ------
        UnfitReasonError
            If one of them is missing.
        """
        for name in (field.name for field in fields(self)):
            require_text(getattr(self, name), f"Say why the placement is {_plain(name)}.")
        names = (_plain(field.name).capitalize() for field in fields(self))
        return " ".join(f"{n}: {t.strip()}" for n, t in zip(names, astuple(self), strict=True))


def require_text(text: str, words: str) -> None:
    """Refuse an empty text.

    Raises
    ------
    UnfitReasonError
        If there is none, with `words`.
    """
    if not text.strip():
        raise UnfitReasonError(words)


def require_reason(reason: str, allowed: frozenset[str]) -> None:
    """Refuse a reason that is not on the list.

    Raises
    ------
    UnfitReasonError
        If it is none of them; the message lists them.
    """
    if reason not in allowed:
        listed = ", ".join(sorted(allowed))
        raise UnfitReasonError(f"This reason is not on the list for it. Use one of: {listed}.")


def values(reasons: type[StrEnum]) -> frozenset[str]:
    """The values of an enumeration."""
    return frozenset(reason.value for reason in reasons)


def _plain(name: str) -> str:
    return name.replace("_", "-")
