"""F07, F18, F19: several facilities at once. Names and people are invented."""

from allocator.model.vocabulary import UsedFor
from allocator.simulate.spec import REMAND, Facility, Regime, Roles, Rooms, Site, Wing


def _remand_wing(rooms: int) -> Wing:
    """Doubles that take a third person."""
    return Wing("R", (Rooms(rooms, 2, maximum=3, area_m2=(9.3, 11.0)),), 2, REMAND)


def _wings(names: str, rooms: tuple[Rooms, ...], *, segregation_rooms: int = 0) -> tuple[Wing, ...]:
    """Like wings for sentenced people, the last one with a segregation landing."""
    return tuple(
        Wing(name, rooms, 3, segregation_rooms=segregation_rooms if name == names[-1] else 0)
        for name in names
    )


FED_NET = Facility(
    name="f07_fed_net",
    title="Federation of seven prisons",
    grounded_in="BiH Federation: 1,328 sentenced in 1,759 places, 360 on remand in 294",
    sites=(
        Site(
            "F07A",
            (*_wings("ABCD", (Rooms(60, 2),), segregation_rooms=3), _remand_wing(42)),
            remand=103,
            sentenced=363,
            roles=Roles(2, 2, 5, 4),
            segregated=3,
            home_area="area_1",
        ),
        Site(
            "F07B",
            (*_wings("ABC", (Rooms(60, 2),), segregation_rooms=2), _remand_wing(35)),
            remand=86,
            sentenced=272,
            roles=Roles(1, 1, 3, 2),
            segregated=2,
            home_area="area_2",
        ),
        Site(
            "F07C",
            (*_wings("ABC", (Rooms(50, 2),)), _remand_wing(30)),
            remand=73,
            sentenced=227,
            roles=Roles(0, 1, 2, 2),
            home_area="area_3",
        ),
        Site(
            "F07D",
            (
                *_wings("AB", (Rooms(57, 2),)),
                _remand_wing(25),
                Wing("J", (Rooms(6, 2),), 1, purpose=UsedFor.JUVENILE),
            ),
            remand=61,
            sentenced=172,
            juveniles=8,
            roles=Roles(0, 1, 1, 1),
            home_area="area_4",
        ),
        Site(
            "F07E",
            (*_wings("AB", (Rooms(45, 2),)), _remand_wing(15)),
            remand=37,
            sentenced=136,
            home_area="area_5",
        ),
        Site(
            "F07F",
            _wings("AB", (Rooms(30, 2),)),
            sentenced=90,
            roles=Roles(0, 0, 1, 1),
            home_area="area_6",
        ),
        Site(
            "F07G",
            (Wing("A", (Rooms(26, 3), Rooms(1, 1)), 2),),
            sentenced=60,
            home_area="area_7",
        ),
    ),
    young=84,
    rival_groups=3,
    keep_apart_pairs=260,
    out_of_use=0.02,
    buffer_places=20,
    designated=True,
    dedicated=("F07B-C",),
    closed=(("F07A", "F07G"),),
    notes="Remand places are short while the total is not; between the first and the last prison "
    "the law allows no transfer.",
)

_UNIT = Regime(3, 4.0, 3.0)
_SATELLITE_ROOMS = (
    Rooms(30, 2, maximum=3, area_m2=(10.0, 13.0)),
    Rooms(20, 1, maximum=2, area_m2=(8.5, 10.0)),
)


def _unit_site(site_id: str, area: str) -> Site:
    wing = Wing("U", (Rooms(20, 1),), 4, purpose=UsedFor.INTERVENTION, held=12, regime=_UNIT)
    return Site(site_id, (wing,), sentenced=12, roles=Roles(2, 4, 6), home_area=area)


def _satellite(site_id: str, remand: int, sentenced: int, roles: Roles, area: str) -> Site:
    wings = (
        Wing("R", _SATELLITE_ROOMS, 3, REMAND),
        Wing("T", _SATELLITE_ROOMS, 3, REMAND),
        *_wings("ABC", _SATELLITE_ROOMS, segregation_rooms=2),
    )
    return Site(
        site_id,
        wings,
        remand=remand,
        sentenced=sentenced,
        roles=roles,
        segregated=2,
        home_area=area,
    )


SAT_7 = Facility(
    name="f18_sat_7",
    policy="mixed",
    title="Two units and five satellites",
    grounded_in="Belgium: 2 units of 20 and 5 satellite prisons, 237 people monitored",
    sites=(
        _unit_site("F18A", "area_1"),
        _unit_site("F18B", "area_2"),
        _satellite("F18C", 175, 281, Roles(4, 7, 19, 14), "area_1"),
        _satellite("F18D", 175, 281, Roles(4, 7, 19, 14), "area_2"),
        _satellite("F18E", 175, 280, Roles(4, 7, 19, 14), "area_3"),
        _satellite("F18F", 175, 280, Roles(3, 7, 18, 13), "area_4"),
        _satellite("F18G", 174, 280, Roles(3, 6, 18, 13), "area_5"),
    ),
    young=138,
    rival_groups=4,
    keep_apart_pairs=500,
    out_of_use=0.01,
    out_anywhere=True,
    buffer_places=8,
    dedicated=("F18C-C",),
    satellites=("F18C", "F18D", "F18E", "F18F", "F18G"),
    notes="22 leaders among 237 people on record; the split of the others by role follows P30.",
)

_GRADED_WING = (Rooms(40, 2), Rooms(20, 1))
_GRADED_SITES = 25


def _spread(total: int, number: int) -> int:
    """Share of site `number` when a total is spread evenly over the 25 sites."""
    return total * (number + 1) // _GRADED_SITES - total * number // _GRADED_SITES


def _graded_site(number: int) -> Site:
    remand = _spread(2240, number)
    return Site(
        f"F19{chr(ord('A') + number)}",
        (Wing("R", _GRADED_WING, 3, REMAND), *_wings("ABCDEF", _GRADED_WING, segregation_rooms=2)),
        remand=remand,
        sentenced=560 - remand,
        roles=Roles(*(_spread(total, number) for total in (28, 49, 112, 76))),
        segregated=1,
        home_area=f"area_{number % 8 + 1}",
    )


GRADED_25 = Facility(
    name="f19_graded_25",
    title="Graded network of 25 prisons",
    grounded_in="Spain: grades A 140, B 49, C 76 over 25 prisons",
    sites=tuple(_graded_site(number) for number in range(_GRADED_SITES)),
    young=560,
    keep_apart_pairs=900,
    out_of_use=0.02,
    buffer_places=100,
    tie_share=0.2,
    dedicated=("F19A-F",),
    notes="Grade A is read as 28 leaders and 112 followers, grade B as recruiters, grade C as "
    "vulnerable people.",
)

FACILITIES = (FED_NET, SAT_7, GRADED_25)
