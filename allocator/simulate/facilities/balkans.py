"""F01-F11: facilities grounded in Western Balkan systems. Names and people are invented."""

from allocator.model.vocabulary import SecurityCategory, UsedFor
from allocator.simulate.spec import REMAND, Facility, Roles, Rooms, Site, Wing


def _pavilions(names: str, rooms: tuple[Rooms, ...], landings: int = 3) -> tuple[Wing, ...]:
    return tuple(Wing(name, rooms, landings) for name in names)


_DOUBLES_39 = (Rooms(39, 2),)

GRAD_HS = Facility(
    name="f01_grad_hs",
    title="Grad high-security prison",
    grounded_in="Kosovo High Security Prison: 390 places",
    sites=(
        Site(
            "F01",
            (
                *_pavilions("ABC", _DOUBLES_39),
                Wing("D", _DOUBLES_39, 3, category=SecurityCategory.C, segregation_rooms=3),
                Wing("R", _DOUBLES_39, 3, REMAND),
            ),
            remand=70,
            sentenced=210,
            roles=Roles(2, 3, 7, 4),
            segregated=2,
        ),
    ),
    young=11,
    rival_groups=2,
    keep_apart_pairs=60,
    out_of_use=0.02,
    buffer_places=4,
    category=SecurityCategory.A,
    dedicated=("F01-C",),
)

_DUBRIN_WING = (Rooms(11, 1), Rooms(43, 2), Rooms(9, 4))

DUBRIN = Facility(
    name="f02_dubrin",
    title="Dubrin prison",
    grounded_in="Dubrava: 1,114 places with a hospital of 50, 846 held",
    sites=(
        Site(
            "F02",
            (
                *_pavilions("ABCDEF", _DUBRIN_WING),
                Wing("G", _DUBRIN_WING[1:] + _DUBRIN_WING[:1], 3, segregation_rooms=4),
                Wing("R", _DUBRIN_WING, 3, REMAND),
                Wing("H", (Rooms(25, 2),), 2, purpose=UsedFor.HEALTHCARE, held=34),
            ),
            remand=85,
            sentenced=761,
            roles=Roles(1, 2, 5, 6),
            segregated=3,
        ),
    ),
    young=42,
    rival_groups=3,
    keep_apart_pairs=130,
    out_of_use=0.02,
    buffer_places=11,
    dedicated=("F02-F",),
)

IDRA_CLOSED = Facility(
    name="f03_idra_closed",
    title="Idra closed prison",
    grounded_in="Idrizovo, closed part: dormitories of 16, 1.0 to 1.6 m² each, mattresses",
    sites=(
        Site(
            "F03",
            _pavilions("ABCDE", (Rooms(10, 16, 20, area_m2=(17.0, 26.0)),), 1),
            sentenced=900,
            roles=Roles(2, 4, 9, 6),
        ),
    ),
    young=45,
    rival_groups=4,
    keep_apart_pairs=200,
    out_of_use=0.03,
    high_risk_share=0.0,
    dedicated=("F03-E",),
    notes="Dormitories only: nobody can be alone; people at high sharing risk are held elsewhere.",
)

IDRA_SEMI = Facility(
    name="f04_idra_semi",
    title="Idra semi-open units",
    grounded_in="Idrizovo, new semi-open part: 252 places",
    sites=(
        Site(
            "F04",
            (
                *_pavilions("AB", (Rooms(21, 4),)),
                Wing("C", (Rooms(21, 4),), 3, segregation_rooms=1),
            ),
            sentenced=236,
            roles=Roles(0, 0, 2, 4),
            segregated=2,
        ),
    ),
    young=14,
    rival_groups=2,
    keep_apart_pairs=30,
    buffer_places=4,
    high_risk_share=0.01,
    category=SecurityCategory.C,
    dedicated=("F04-C",),
    notes="Four-bed rooms only and near full: 1 % at high sharing risk.",
)

SPUZA_R = Facility(
    name="f05_spuza_r",
    title="Spuza remand prison",
    grounded_in="Montenegro, remand prison: 709 held in 462 places",
    sites=(
        Site(
            "F05",
            (
                Wing("A", (Rooms(22, 7),), 2, REMAND),
                Wing("B", (Rooms(22, 7),), 2, REMAND),
                Wing("C", (Rooms(21, 7),), 2, REMAND),
                Wing("J", (Rooms(1, 7, area_m2=(28.0, 29.0)),), 1, REMAND, UsedFor.JUVENILE),
            ),
            remand=702,
            juveniles=7,
            roles=Roles(0, 1, 2, 3),
        ),
    ),
    young=57,
    rival_groups=2,
    keep_apart_pairs=420,
    rival_share=0.8,
    out_of_use=0.01,
    high_risk_share=0.0,
    designated=True,
    dedicated=("F05-C",),
    notes="One room of the third wing is a wing of its own for children. Seven-bed rooms are full, "
    "so people at high sharing risk are held elsewhere.",
)

STATE_BH = Facility(
    name="f06_state_bh",
    title="State prison",
    grounded_in="BiH, state level: 215 sentenced in 300 places, 73 on remand in 50",
    sites=(
        Site(
            "F06",
            (
                *_pavilions("ABC", (Rooms(75, 1),)),
                Wing("D", (Rooms(75, 1),), 3, segregation_rooms=4),
                Wing("R", (Rooms(50, 1),), 2, REMAND),
            ),
            remand=73,
            sentenced=215,
            roles=Roles(2, 2, 4, 2),
            segregated=2,
        ),
    ),
    young=9,
    rival_groups=2,
    keep_apart_pairs=50,
    buffer_places=3,
    designated=True,
    dedicated=("F06-D",),
)

ZENA = Facility(
    name="f08_zena",
    title="Zena closed prison",
    grounded_in="closed prison with collectives, facts of Rodić v Bosnia and Herzegovina",
    sites=(
        Site(
            "F08",
            (
                *_pavilions("ABCDE", (Rooms(30, 4),)),
                Wing("F", (Rooms(30, 4),), 3, segregation_rooms=1),
            ),
            sentenced=610,
            roles=Roles(1, 2, 4, 5),
            segregated=2,
        ),
    ),
    young=30,
    rival_groups=2,
    keep_apart_pairs=90,
    protection_needs=12,
    out_of_use=0.02,
    buffer_places=7,
    high_risk_share=0.02,
    dedicated=("F08-E",),
    notes="Four-bed collectives only: 2 % at high sharing risk. The table gives no number of "
    "keep-apart pairs; 90 follows from 15 per 100 people.",
)

SHENK = Facility(
    name="f09_shenk",
    title="Shenk prison",
    grounded_in="Lezha (Shënkoll) 2013: prison 660, remand 180, children 26 places in 6 buildings",
    sites=(
        Site(
            "F09",
            (
                *_pavilions("ABC", (Rooms(1, 1), Rooms(41, 4, 5))),
                Wing("D", (Rooms(41, 4, 5), Rooms(1, 1)), 3, segregation_rooms=1),
                Wing("R", (Rooms(45, 4, 6),), 3, REMAND),
                Wing("J", (Rooms(13, 2),), 1, purpose=UsedFor.JUVENILE),
            ),
            remand=221,
            sentenced=690,
            juveniles=9,
            roles=Roles(0, 1, 3, 4),
            segregated=1,
        ),
    ),
    young=61,
    rival_groups=2,
    keep_apart_pairs=90,
    out_of_use=0.01,
    buffer_places=4,
    high_risk_share=0.01,
    designated=True,
    dedicated=("F09-D",),
    notes="Shared rooms over capacity: 1 % at high sharing risk.",
)

TEPE = Facility(
    name="f10_tepe",
    title="Tepe prison",
    grounded_in="old Albanian prison of the Tepelena type: below 3 m² per person",
    sites=(
        Site(
            "F10",
            (
                Wing("A", (Rooms(14, 2, 3, area_m2=(4.6, 5.8)),), 2),
                Wing("B", (Rooms(14, 2, 3, area_m2=(4.6, 5.8)),), 2, segregation_rooms=1),
            ),
            sentenced=62,
            roles=Roles(0, 0, 1, 2),
            segregated=2,
        ),
    ),
    young=2,
    rival_groups=2,
    keep_apart_pairs=10,
    out_of_use=0.05,
    high_risk_share=0.03,
    dedicated=("F10-B",),
    notes="Overfull doubles: 3 % at high sharing risk.",
)

ZABEL = Facility(
    name="f11_zabel",
    title="Zabel prison",
    grounded_in="Serbia: five pavilions of 216 places",
    sites=(
        Site(
            "F11",
            (
                *_pavilions("ABCD", (Rooms(54, 4),)),
                Wing("E", (Rooms(40, 4),), 3, segregation_rooms=1),
                Wing("R", (Rooms(14, 4),), 1, REMAND),
            ),
            remand=52,
            sentenced=985,
            roles=Roles(2, 4, 9, 8),
            segregated=3,
        ),
    ),
    young=62,
    rival_groups=4,
    keep_apart_pairs=250,
    out_of_use=0.02,
    buffer_places=10,
    high_risk_share=0.002,
    dedicated=("F11-D",),
    notes="The fifth pavilion is divided so that people on remand have a wing. Four-bed rooms near "
    "full: 0.2 % at high sharing risk.",
)

FACILITIES = (
    GRAD_HS,
    DUBRIN,
    IDRA_CLOSED,
    IDRA_SEMI,
    SPUZA_R,
    STATE_BH,
    ZENA,
    SHENK,
    TEPE,
    ZABEL,
)
