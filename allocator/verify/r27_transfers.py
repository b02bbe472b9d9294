"""R27: transfers between facilities only along legally open pairs and with notice."""

from collections.abc import Iterator
from datetime import timedelta

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.plan import Breach
from allocator.model.vocabulary import Level
from allocator.verify.each import person_breaches
from allocator.verify.sites import Site
from allocator.verify.view import View

RULE = RuleId.TRANSFERS


def check(view: View) -> Iterator[Breach]:
    """People placed in another facility without an open pair, or before their notice has run."""
    pairs = view.scenario.estate.transfer_pairs
    notice_of = {(p.from_facility, p.to_facility): p.notice_days for p in pairs if p.is_open}

    def fault_of(person: Person, site: Site) -> str | None:
        here, there = present_facility(view, person), site.unit_at[Level.FACILITY]
        if here is None or here == there:
            return None
        notice = notice_of.get((here, there))
        if notice is None:
            return f"transfers from {here} to {there} are closed"
        return None if _has_run(view, person, notice) else f"{notice} days of notice needed"

    yield from person_breaches(view, RULE, fault_of)


def present_facility(view: View, person: Person) -> str | None:
    """Facility of the present cell or virtual place; None for arrivals."""
    site = view.present_site(person)
    if site is not None:
        return site.unit_at[Level.FACILITY]
    virtual = view.scenario.estate.virtual_by_id.get(person.current_place or "")
    return None if virtual is None else virtual.facility_id


def _has_run(view: View, person: Person, notice_days: int) -> bool:
    if notice_days <= 0:
        return True
    given = person.transfer_notice_at
    return given is not None and given + timedelta(days=notice_days) <= view.day
