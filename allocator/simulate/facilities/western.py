"""F12-F17 and F20: large prisons and special units. Names and people are invented."""

from allocator.model.vocabulary import SecurityCategory, Sex, SpecialistCellType, UsedFor
from allocator.simulate.spec import (
    REMAND,
    SENTENCED,
    Facility,
    Regime,
    Roles,
    Rooms,
    Site,
    Wing,
)

_NORTH_WING = (Rooms(85, 2, certified=1, area_m2=(7.5, 9.0)), Rooms(33, 1))

NORTH_R = Facility(
    name="f12_north_r",
    title="North reception prison",
    grounded_in="Durham type: 591 certified, 1,015 at most, 960 held",
    sites=(
        Site(
            "F12",
            (
                *(Wing(name, _NORTH_WING, 3, REMAND) for name in "ABC"),
                Wing("D", (_NORTH_WING[0], Rooms(34, 1)), 3),
                Wing(
                    "E",
                    (Rooms(84, 2, certified=1, area_m2=(7.5, 9.0)), Rooms(34, 1)),
                    3,
                    segregation_rooms=3,
                ),
            ),
            remand=576,
            sentenced=384,
            roles=Roles(1, 2, 5, 8),
            segregated=2,
        ),
    ),
    young=86,
    rival_groups=6,
    keep_apart_pairs=320,
    out_of_use=0.02,
    out_anywhere=True,
    buffer_places=6,
    dedicated=("F12-E",),
    notes="591 cells, 424 of them doubled: certified for one, used for two.",
)

HIGH_D = Facility(
    name="f13_high_d",
    title="High dispersal prison",
    grounded_in="Frankland type: 859 certified, 788 in use, 769 held",
    sites=(
        Site(
            "F13",
            (
                *(Wing(name, (Rooms(118, 1),), 3) for name in "ABCD"),
                *(Wing(name, (Rooms(117, 1),), 3) for name in "EF"),
                Wing("G", (Rooms(117, 1),), 3, segregation_rooms=5),
                Wing("R", (Rooms(36, 1),), 2, REMAND),
            ),
            remand=31,
            sentenced=738,
            roles=Roles(4, 6, 12, 10),
            segregated=4,
        ),
    ),
    young=15,
    rival_groups=3,
    keep_apart_pairs=180,
    out_of_use=71 / 859,
    buffer_places=8,
    category=SecurityCategory.A,
    dedicated=("F13-F",),
    notes="Single cells; the eighth wing is small and for people on remand.",
)

_SEPARATION = Regime(4, 3.0, 2.5)
_SEPARATION_LOW = Regime(4, 1.5, 1.5)


def _separation_site(site_id: str, cells: int, regime: Regime, roles: Roles, area: str) -> Site:
    wing = Wing(
        "S", (Rooms(cells, 1),), 2, purpose=UsedFor.SEPARATION, held=roles.total, regime=regime
    )
    return Site(
        site_id, (wing,), sentenced=roles.total, roles=roles, home_area=area, shut=not roles.total
    )


SEP_3 = Facility(
    name="f14_sep_3",
    policy="separation",
    title="Separation centres",
    grounded_in="three separation centres in England: 28 places, 9 held, one site shut",
    sites=(
        _separation_site("F14A", 10, _SEPARATION, Roles(3, 2), "area_1"),
        _separation_site("F14B", 10, _SEPARATION_LOW, Roles(2, 2), "area_2"),
        _separation_site("F14C", 8, _SEPARATION, Roles(), "area_3"),
    ),
    keep_apart_pairs=6,
    high_risk_share=0.0,
    tie_share=0.0,
    category=SecurityCategory.A,
    notes="Single cells; at the second site unlock and contact are below two hours, so everyone "
    "there needs an authority that names it.",
)

_HOST_WING = (
    Rooms(33, 2, maximum=3, area_m2=(10.5, 13.0)),
    Rooms(34, 1, maximum=2, area_m2=(8.5, 10.0)),
)
_ASSESSMENT = Regime(3, 3.0, 2.5)

MA_131 = Facility(
    name="f15_ma_131",
    policy="assess_then_sort",
    title="Remand prison with an assessment unit",
    grounded_in="French maison d'arrêt at 131 % with a QER of 20 single cells",
    sites=(
        Site(
            "F15",
            (
                *(Wing(name, _HOST_WING, 3, REMAND) for name in "ABCD"),
                Wing("E", _HOST_WING, 3),
                Wing("F", _HOST_WING, 3, segregation_rooms=3),
                Wing("QR", (Rooms(10, 1),), 2, REMAND, UsedFor.ASSESSMENT, 9, _ASSESSMENT),
                Wing("QS", (Rooms(10, 1),), 2, SENTENCED, UsedFor.ASSESSMENT, 9, _ASSESSMENT),
            ),
            remand=563,
            sentenced=241,
            roles=Roles(3, 4, 8, 12),
            segregated=2,
        ),
    ),
    young=72,
    rival_groups=4,
    keep_apart_pairs=240,
    out_of_use=0.02,
    out_anywhere=True,
    buffer_places=3,
    dedicated=("F15-F",),
    notes="786 people in the host prison and 18 in the assessment unit.",
)

_INTERVENTION = Regime(3, 4.0, 3.0)


def _sealed(name: str, held: int, *, remand: bool = False) -> Wing:
    return Wing(
        name,
        (Rooms(10, 1),),
        2,
        legal=REMAND if remand else SENTENCED,
        purpose=UsedFor.INTERVENTION,
        held=held,
        regime=_INTERVENTION,
        sealed=True,
    )


QPR_2 = Facility(
    name="f16_qpr_2",
    policy="assess_then_sort",
    title="Intervention units",
    grounded_in="QPR of Lille (2 x 10) and Condé (30), sealed single-cell wings",
    sites=(
        Site(
            "F16A",
            (_sealed("A", 8, remand=True), _sealed("B", 8)),
            remand=8,
            sentenced=8,
            roles=Roles(2, 5, 9),
            home_area="area_1",
        ),
        Site(
            "F16B",
            (_sealed("C", 8), _sealed("D", 7), _sealed("E", 7)),
            sentenced=22,
            roles=Roles(2, 7, 13),
            home_area="area_2",
        ),
    ),
    keep_apart_pairs=15,
    buffer_places=2,
    high_risk_share=0.0,
    tie_share=0.0,
)


def _terrorist_wing(name: str, cells: int, held: int, *, remand: bool, landings: int = 3) -> Wing:
    return Wing(
        name,
        (Rooms(cells, 1),),
        landings,
        legal=REMAND if remand else SENTENCED,
        purpose=UsedFor.HIGH_SECURITY,
        held=held,
        regime=_INTERVENTION,
    )


TA_48 = Facility(
    name="f17_ta_48",
    policy="separation",
    title="Terrorist wings",
    grounded_in="Dutch terrorist wings: 41 + 7 cells, groups of at most 5",
    sites=(
        Site(
            "F17A",
            (
                _terrorist_wing("A", 15, 11, remand=True),
                _terrorist_wing("B", 15, 12, remand=False),
                _terrorist_wing("C", 11, 8, remand=False),
            ),
            remand=11,
            sentenced=20,
            roles=Roles(4, 7, 17, 3),
            home_area="area_1",
        ),
        Site(
            "F17B",
            (_terrorist_wing("D", 7, 5, remand=True, landings=2),),
            remand=5,
            roles=Roles(1, 1, 3, 0),
            home_area="area_2",
        ),
    ),
    young=2,
    keep_apart_pairs=12,
    buffer_places=4,
    high_risk_share=0.0,
    tie_share=0.0,
    category=SecurityCategory.A,
)

_BABY = frozenset({SpecialistCellType.MOTHER_AND_BABY})

WOMEN = Facility(
    name="f20_women",
    title="Women's prison",
    grounded_in="Serbia, new women's unit of 160 at Požarevac",
    sites=(
        Site(
            "F20",
            (
                Wing("A", (Rooms(20, 2),), 2),
                Wing("B", (Rooms(20, 2),), 2),
                Wing("C", (Rooms(14, 2), Rooms(6, 2, area_m2=(11.0, 13.0), types=_BABY)), 2),
                Wing("D", (Rooms(9, 2),), 1, segregation_rooms=1),
                Wing("R", (Rooms(10, 2),), 1, REMAND),
                Wing("G", (Rooms(1, 2, area_m2=(10.0, 11.0)),), 1, purpose=UsedFor.JUVENILE),
            ),
            remand=15,
            sentenced=111,
            juveniles=2,
            roles=Roles(0, 1, 2, 3),
            segregated=1,
            mothers=6,
        ),
    ),
    young=6,
    rival_groups=1,
    keep_apart_pairs=12,
    buffer_places=3,
    designated=True,
    sex=Sex.FEMALE,
    dedicated=("F20-D",),
    notes="Six mothers with a baby each take two places. The fourth wing is divided: a wing for "
    "women on remand and a room for two girls, apart from the women. Joint attributes of women "
    "are assumed to be those of men.",
)

FACILITIES = (NORTH_R, HIGH_D, SEP_3, MA_131, QPR_2, TA_48, WOMEN)
