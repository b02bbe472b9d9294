"""Words of an explanation; which of them a reader may see is in `readers` (R54, R60)."""

from collections.abc import Iterable

from allocator.explain.data_rows import DataKind
from allocator.explain.readers import RECORDED, Reader, is_hidden_record, joined
from allocator.explain.records import Record, RecordKind

NOT_ADVICE = (
    "This says what the answer rests on. It is not advice to change a record: a record changes "
    "when it is no longer true, and never so that a cell opens."
)
RECORD_WORDS: dict[RecordKind, str] = {
    RecordKind.NON_ASSOCIATION: "the non-association with {who}",
    RecordKind.PROTECTION_NEED: "the protection need between the person and {who}",
    RecordKind.LOCK: "an officer's decision on the person's cell",
    RecordKind.FREEZE: "the hold that keeps the person in the present cell",
    RecordKind.COMPLAINT: "the person's complaint, which is open until somebody has decided on it",
    RecordKind.LAST_MOVE: "the last move, which is too recent for another one",
    RecordKind.SHARING_RISK: "the cell sharing risk assessment, or that there is none",
    RecordKind.STABLE_PAIR: "the stable pair with {who}",
    RecordKind.LAST_PLAN: "the person's place in the last plan",
    RecordKind.SINGLE_CELL: "the wish for a single cell",
    RecordKind.PROGRAMME: "the programme",
    RecordKind.HOME_AREA: "the home area",
    RecordKind.BURDEN: "the moves and the crowding that the person has had",
    RecordKind.NEEDS: "the needs of the person (health, access, vulnerability)",
    RecordKind.SECURITY_CATEGORY: "the security category",
    RecordKind.COMMUNICATIONS_ORDER: "the monitoring order",
    RecordKind.AUTHORITY: "the authority for a unit of its kind",
    RecordKind.EVIDENCE: "the evidence between the person and {who}",
    RecordKind.KEEP_APART_GROUP: "the membership of a keep-apart group",
    RecordKind.NETWORK_ROLE: "the finding on the person's role in a network",
    RecordKind.RECEPTIVITY: "the finding on the person's receptivity",
    RecordKind.FIRST_TIME: "that the person is in prison for the first time",
    RecordKind.VEO_STATUS: "the VEO status",
    RecordKind.MOVE_LIMIT: "the limit on moves and escorts",
    RecordKind.PLACE: "where {who} is planned",
}
DATA_WORDS: dict[DataKind, str] = {
    DataKind.NETWORK_ROLE: "role in a network",
    DataKind.RECEPTIVITY: "receptivity",
    DataKind.VEO_STATUS: "VEO status",
    DataKind.FIRST_TIME: "first time in custody",
    DataKind.SEX_AND_AGE: "sex and age",
    DataKind.COUNTS: "counted so far",
    DataKind.COMPLAINT: "open complaint",
    DataKind.SHARING_RISK: "cell sharing risk",
    DataKind.LEGAL_CATEGORY: "legal category",
    DataKind.SECURITY_CATEGORY: "security category",
    DataKind.NEEDS: "needs",
    DataKind.ARRIVAL: "arrived in custody",
    DataKind.LAST_MOVE: "last moved",
    DataKind.PLACED_SINCE: "in the present cell since",
    DataKind.TRANSFER_NOTICE: "notice of transfer",
    DataKind.COMMUNICATIONS_ORDER: "monitoring order",
    DataKind.WISHES: "wishes and programme",
    DataKind.AUTHORITY: "authority",
    DataKind.FREEZE: "hold in the present cell",
    DataKind.LOCK: "officer's decision",
    DataKind.NON_ASSOCIATION: "non-association",
    DataKind.KEEP_APART_GROUP: "keep-apart group",
    DataKind.PROTECTION_NEED: "protection need",
    DataKind.STABLE_PAIR: "stable pair",
}
TIE_WORDS = (
    "It would be as good: all tiers are equal. The planned cell is the one that the search had; "
    "nothing else speaks for it."
)


def record_words(record: Record, reader: Reader) -> str:
    """A record in words, with the others concerned where the reader may know them."""
    if is_hidden_record(record, reader):
        return RECORDED
    if record.kind is RecordKind.PROTECTION_NEED and not record.person_ids:
        return "the protection need from a group"
    return RECORD_WORDS[record.kind].format(who=joined(record.person_ids))


def elsewhere_words(records: Iterable[Record], reader: Reader) -> str:
    """The people whose places are meant: by id, or for officers by number; "" for nobody."""
    ids = [i for r in records if r.kind is RecordKind.PLACE for i in r.person_ids]
    if reader.sees_places or not ids:
        return joined(ids)
    return "1 other person" if len(ids) == 1 else f"{len(ids):,} other people"
