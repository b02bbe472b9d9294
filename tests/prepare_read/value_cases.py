# ruff: noqa: E501 - one case per line, however long
"""Files with one wrong value each, where it is, its code and a word of the message."""

from tests.prepare_read.small import (
    AUTHORITY_HEADER,
    EDGE_HEADER,
    FINDING_HEADER,
    NEED_HEADER,
    SMALL,
    changed,
)

Files = dict[str, str | bytes | None]
Place = tuple[str, int | None, str | None]


def people(column: str, value: str) -> Files:
    """The small scenario's first person with one more column."""
    lines = SMALL["people.csv"].splitlines()
    return {"people.csv": f"{lines[0]},{column}\n{lines[1]},{value}\n{lines[2]},\n"}


def units(column: str, value: str) -> Files:
    """The small scenario's wing with one more column."""
    lines = SMALL["units.csv"].splitlines()
    text = f"{lines[0]},{column}\n{lines[1]},\n{lines[2]},{value}\n{lines[3]},\n"
    return {"units.csv": text}


VALUES: list[tuple[Files, Place, str, str]] = [
    # numbers
    (changed("people.csv", ",30,", ",9,"), ("people.csv", 2, "age_years"), "value_out_of_range", "10 to 110"),
    (changed("people.csv", ",30,", ",111,"), ("people.csv", 2, "age_years"), "value_out_of_range", "10 to 110"),
    (changed("people.csv", ",30,", ",-30,"), ("people.csv", 2, "age_years"), "value_out_of_range", "10 to 110"),
    (changed("people.csv", ",30,", ",thirty,"), ("people.csv", 2, "age_years"), "value_not_whole_number", "thirty"),
    (changed("people.csv", ",30,", ",30.5,"), ("people.csv", 2, "age_years"), "value_not_whole_number", "30.5"),
    (changed("people.csv", ",30,", ",NaN,"), ("people.csv", 2, "age_years"), "value_not_finite", "NaN"),
    (changed("people.csv", ",30,", ",1_0,"), ("people.csv", 2, "age_years"), "value_not_whole_number", "1_0"),
    (changed("people.csv", ",30,", ",٣٠,"), ("people.csv", 2, "age_years"), "value_not_whole_number", "٣٠"),
    (changed("people.csv", ",30,", ",,"), ("people.csv", 2, "age_years"), "value_missing", "empty"),
    (changed("cells.csv", ",2,2,8", ",2,100,8"), ("cells.csv", 2, "max_capacity"), "value_out_of_range", "1 to 99"),
    (changed("cells.csv", ",1,1,1,7", ",0,0,0,7") | {"people.csv": SMALL["people.csv"].replace(",C2", ",")}, ("cells.csv", 3, "max_capacity"), "value_out_of_range", "1 to 99"),
    (changed("cells.csv", "C1,L,1,", "C1,L,-1,"), ("cells.csv", 2, "cna"), "value_out_of_range", "0 to 99"),
    (changed("cells.csv", ",8\n", ",0\n"), ("cells.csv", 2, "area_m2"), "value_out_of_range", "above 0"),
    (changed("cells.csv", ",8\n", ",500.5\n"), ("cells.csv", 2, "area_m2"), "value_out_of_range", "500"),
    (changed("cells.csv", ",8\n", ",inf\n"), ("cells.csv", 2, "area_m2"), "value_not_finite", "Infinity"),
    (changed("people.csv", ",30,", ",-inf,"), ("people.csv", 2, "age_years"), "value_not_finite", "-Infinity"),
    (changed("cells.csv", ",8\n", ",1e999\n"), ("cells.csv", 2, "area_m2"), "value_not_finite", "Infinity"),
    (changed("cells.csv", ",8\n", ',"8,5"\n'), ("cells.csv", 2, "area_m2"), "value_not_number", "8,5"),
    (units("unlock_hours", "24.5"), ("units.csv", 3, "unlock_hours"), "value_out_of_range", "24"),
    (units("meaningful_contact_hours", "-1"), ("units.csv", 3, "meaningful_contact_hours"), "value_out_of_range", "0"),
    (units("regime_level", "6"), ("units.csv", 3, "regime_level"), "value_out_of_range", "0 to 5"),
    ({"contacts.csv": "place_a,place_b,weight\nC1,C2,1000001\n"}, ("contacts.csv", 2, "weight"), "value_out_of_range", "1000000"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p2,directs,2,A,fact,2026-01-01,2026-06-01,-1000001,spillover\n"}, ("influence_edges.csv", 2, "points"), "value_out_of_range", "-1000000"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p2,directs,4,A,fact,2026-01-01,2026-06-01,,\n"}, ("influence_edges.csv", 2, "strength"), "value_out_of_range", "1 to 3"),
    # words
    (changed("people.csv", "p1,M", "p1,X"), ("people.csv", 2, "sex"), "value_not_listed", "F, M"),
    (changed("people.csv", "sentenced,C1", "sentence,C1"), ("people.csv", 2, "legal_category"), "value_not_listed", 'Did you mean "sentenced"'),
    (units("sealed", "yes"), ("units.csv", 3, "sealed"), "value_not_boolean", "true or false"),
    (units("used_for", "standard|segregaton"), ("units.csv", 3, "used_for"), "value_not_listed", 'Did you mean "segregation"'),
    # text
    (units("name", "=cmd|' /C calc'!A0"), ("units.csv", 3, "name"), "formula_refused", "=cmd"),
    (units("name", "+49 30"), ("units.csv", 3, "name"), "formula_refused", "formula"),
    (units("name", "-1"), ("units.csv", 3, "name"), "formula_refused", "formula"),
    (units("name", "@SUM(A1)"), ("units.csv", 3, "name"), "formula_refused", "formula"),
    (units("name", '"\t=1+1"'), ("units.csv", 3, "name"), "formula_refused", "formula"),
    (units("name", "bell\a"), ("units.csv", 3, "name"), "control_character", "\\x07"),
    (units("name", '"two\nlines"'), ("units.csv", 3, "name"), "control_character", "\\n"),
    (units("name", "zero\u200bwidth"), ("units.csv", 3, "name"), "control_character", "\\u200b"),
    (units("name", "x" * 10_001), ("units.csv", 3, "name"), "field_too_long", "…"),
    (units("home_area", "a|b"), ("units.csv", 3, "home_area"), "separator_in_id", "|"),
    (units("home_area", "x" * 101), ("units.csv", 3, "home_area"), "field_too_long", "100"),
    (units("unlock_hours", "9" * 10_000_000), ("units.csv", 3, "unlock_hours"), "field_too_long", "10000"),
    # dates
    (people("arrived_at", "2026-02-30"), ("people.csv", 2, "arrived_at"), "date_not_real", "2026-02-30"),
    (people("arrived_at", "2025-02-29"), ("people.csv", 2, "arrived_at"), "date_not_real", "2025-02-29"),
    (people("arrived_at", "03/02/2026"), ("people.csv", 2, "arrived_at"), "date_invalid", "YYYY-MM-DD"),
    (people("arrived_at", "46000"), ("people.csv", 2, "arrived_at"), "date_invalid", "YYYY-MM-DD"),
    (people("arrived_at", "2026-02-03T10:00:00"), ("people.csv", 2, "arrived_at"), "date_invalid", "YYYY-MM-DD"),
    (people("arrived_at", "1899-12-31"), ("people.csv", 2, "arrived_at"), "date_out_of_range", "1900"),
    (people("arrived_at", "2201-01-01"), ("people.csv", 2, "arrived_at"), "date_out_of_range", "2200"),
    (people("sharing_assessed_at", "2026-03-03"), ("people.csv", 2, "sharing_assessed_at"), "date_in_future", "2026-03-02"),
    (people("last_moved_at", "2026-03-03"), ("people.csv", 2, "last_moved_at"), "date_in_future", "2026-03-02"),
    ({"findings.csv": FINDING_HEADER + "p1,receptivity,high,t,a,2026-03-03,2026-06-01,e,\n"}, ("findings.csv", 2, "assessed_at"), "date_in_future", "2026-03-02"),
    ({"findings.csv": FINDING_HEADER + "p1,receptivity,high,t,a,2026-02-03,2026-02-01,e,\n"}, ("findings.csv", 2, "valid_until"), "dates_out_of_order", "assessed_at"),
    ({"authorities.csv": AUTHORITY_HEADER + "a1,p1,separation,m,2026-02-01,2026-03-01,2026-01-31,g,4\n"}, ("authorities.csv", 2, "expires_at"), "dates_out_of_order", "issued_at"),
    ({"authorities.csv": AUTHORITY_HEADER + "a1,p1,separation,m,2026-02-01,2026-01-01,2026-02-28,g,4\n"}, ("authorities.csv", 2, "review_by"), "dates_out_of_order", "issued_at"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p2,directs,2,A,fact,2026-02-01,2026-01-01,,\n"}, ("influence_edges.csv", 2, "expires_at"), "dates_out_of_order", "observed_at"),
    # references
    (changed("cells.csv", "C1,L", "C1,LL"), ("cells.csv", 2, "parent_id"), "unit_unknown", 'Did you mean "L"'),
    (changed("units.csv", "wing,F", "wing,G"), ("units.csv", 3, "parent_id"), "unit_unknown", '"G"'),
    (changed("people.csv", ",C1", ",C9"), ("people.csv", 2, "current_place"), "cell_unknown", "cell_id"),
    (changed("people.csv", ",C1", ",L"), ("people.csv", 2, "current_place"), "cell_unknown", "virtual_places"),
    ({"freezes.csv": "person_id,reason,until\np9,medical_hold,2026-03-09\n"}, ("freezes.csv", 2, "person_id"), "person_unknown", "person_id of people"),
    ({"stable_pairs.csv": "person_a,person_b\np1,px\n"}, ("stable_pairs.csv", 2, "person_b"), "person_unknown", "px"),
    ({"transfer_pairs.csv": "from_facility,to_facility,is_open\nF,W,true\n"}, ("transfer_pairs.csv", 2, "to_facility"), "facility_unknown", "facility"),
    ({"virtual_places.csv": "place_id,facility_id,kind\nV,W,COURT\n"}, ("virtual_places.csv", 2, "facility_id"), "facility_unknown", "facility"),
    ({"settings.csv": "setting_id,kind,unit_id\ns,activity,Z\n"}, ("settings.csv", 2, "unit_id"), "place_unknown", "unit_id"),
    ({"keep_apart_memberships.csv": "group_id,person_id\ng1,p1\n", "group_rivalries.csv": "group_a,group_b,restriction\ng1,g2,wing\n"}, ("group_rivalries.csv", 2, "group_b"), "group_unknown", "keep_apart_memberships"),
    ({"protection_needs.csv": NEED_HEADER + "p1,wing,r,a,2026-04-01,,g9\n"}, ("protection_needs.csv", 2, "from_group"), "group_unknown", "g9"),
    # doubles
    (changed("people.csv", "p2,M", "p1,M"), ("people.csv", 3, "person_id"), "person_twice", "rows 2 and 3"),
    (changed("cells.csv", "C2,L", "C1,W") | {"people.csv": SMALL["people.csv"].replace(",C2", ",")}, ("cells.csv", 3, "cell_id"), "cell_two_parents", "under L, W"),
    (changed("cells.csv", "C2,L", "C1,L") | {"people.csv": SMALL["people.csv"].replace(",C2", ",")}, ("cells.csv", 3, "cell_id"), "id_repeated", "rows 2 and 3"),
    (changed("units.csv", "L,landing,W\n", "L,landing,W\nL,landing,W\n"), ("units.csv", 5, "unit_id"), "id_repeated", "rows 4 and 5"),
    (changed("cells.csv", "C2,L", "W,L") | {"people.csv": SMALL["people.csv"].replace(",C2", ",")}, ("cells.csv", 3, "cell_id"), "id_shared", "also a unit"),
    ({"virtual_places.csv": "place_id,facility_id,kind\nC1,F,COURT\n"}, ("virtual_places.csv", 2, "place_id"), "id_shared", "also a cell"),
    ({"contacts.csv": "place_a,place_b,weight\nC1,C2,1\nC2,C1,2\n"}, ("contacts.csv", 3, "place_a"), "row_repeated", "rows 2 and 3"),
    ({"contacts.csv": "place_a,place_b,weight\nC1,C1,1\n"}, ("contacts.csv", 2, "place_b"), "same_place", "C1"),
    ({"non_associations.csv": "person_a,person_b,restriction\np1,p1,cell\n"}, ("non_associations.csv", 2, "person_b"), "same_person", "p1"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p1,directs,2,A,fact,2026-02-01,2026-05-01,,\n"}, ("influence_edges.csv", 2, "target"), "same_person", "p1"),
    ({"protection_needs.csv": NEED_HEADER + "p1,wing,r,a,2026-04-01,p1,\n"}, ("protection_needs.csv", 2, "from_person"), "same_person", "p1"),
    ({"keep_apart_memberships.csv": "group_id,person_id\ng1,p1\n", "group_rivalries.csv": "group_a,group_b,restriction\ng1,g1,wing\n"}, ("group_rivalries.csv", 2, "group_b"), "same_group", "g1"),
    # sense
    (changed("units.csv", "L,landing,W", "L,landing,W\nG,facility,F"), ("units.csv", 5, "parent_id"), "facility_has_parent", "F"),
    (changed("units.csv", "W,wing,F\nL,landing,W", "W,wing,L\nL,landing,F"), ("units.csv", 3, "parent_id"), "unit_nesting", "wing under the landing"),
    (changed("units.csv", "W,wing,F", "W,wing,"), ("units.csv", 3, "parent_id"), "unit_no_facility", "facility"),
    (changed("cells.csv", "C1,L,1,", "C1,L,3,"), ("cells.csv", 2, "cna"), "capacity_order", "which is 2"),
    (changed("cells.csv", "C2,L,1,1,", "C2,L,1,2,"), ("cells.csv", 3, "working_capacity"), "capacity_order", "which is 1"),
    (changed("people.csv", ",C1", ",C2"), ("people.csv", 3, "current_place"), "bed_taken", "rows 2 and 3 of people.csv"),
    (people("places_needed", "3"), ("people.csv", 2, "current_place"), "bed_taken", "3 places"),
    ({"findings.csv": FINDING_HEADER + "p1,receptivity,leader,t,a,2026-02-03,2026-06-01,e,\n"}, ("findings.csv", 2, "value"), "finding_value", "low, moderate, high, unknown"),
    ({"findings.csv": FINDING_HEADER + "p1,network_role,high,t,a,2026-02-03,2026-06-01,e,\n"}, ("findings.csv", 2, "value"), "finding_value", "leader"),
    ({"findings.csv": FINDING_HEADER + "p1,receptivity,high,t,a,2026-02-03,2026-06-01,e,n1\n"}, ("findings.csv", 2, "network_id"), "finding_network", "n1"),
    ({"findings.csv": FINDING_HEADER + "p1,receptivity,high,t,a,2026-02-03,2026-06-01,e,\np1,receptivity,low,t,a,2026-02-03,2026-06-01,e,\n"}, ("findings.csv", 3, "value"), "finding_conflict", "rows 2 and 3"),
    ({"protection_needs.csv": NEED_HEADER + "p1,wing,r,a,2026-04-01,,\n"}, ("protection_needs.csv", 2, "from_person"), "source_missing", "neither"),
    ({"protection_needs.csv": NEED_HEADER + "p1,wing,r,a,2026-04-01,p2,g1\n", "keep_apart_memberships.csv": "group_id,person_id\ng1,p2\n"}, ("protection_needs.csv", 2, "from_person"), "source_double", "both"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p2,directs,2,A,fact,2026-02-01,2026-05-01,5,\n"}, ("influence_edges.csv", 2, "points_kind"), "points_incomplete", "points_kind"),
    ({"influence_edges.csv": EDGE_HEADER + "p1,p2,directs,2,A,fact,2026-02-01,2026-05-01,,support\n"}, ("influence_edges.csv", 2, "points"), "points_incomplete", "points"),
    ({"settings.csv": "setting_id,kind,unit_id\ns,activity,W\ns,worship,L\n"}, ("settings.csv", 3, "kind"), "setting_two_kinds", "worship"),
]  # fmt: skip
