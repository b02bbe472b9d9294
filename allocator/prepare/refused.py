"""Columns that this program refuses to know: protected characteristics and stand-ins (R62)."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from allocator.prepare.yaml_reader import parse_yaml

ALLOWED = (
    "nothing of this kind: religion, ethnicity, nationality, language, politics, orientation, "
    "appearance and names have no place in a housing decision (R62)"
)
ACTION = "Delete the column, from the source file too, before you use it here."

LOOKALIKES = str.maketrans("аеорсухіјѕһкмтαορειντκυχ", "aeopcyxijshkmtaopeivtkux")
"""Small Cyrillic and Greek letters that look like Latin ones."""


@lru_cache(maxsize=1)
def _refused_names() -> tuple[tuple[str, ...], frozenset[str]]:
    data = parse_yaml(Path(__file__).with_name("refused_names.yaml").read_text(encoding="utf-8"))
    stems = tuple(stem for group in data["stems"].values() for stem in group)
    return stems, frozenset(word for group in data["words"].values() for word in group)


def is_refused(name: str) -> bool:
    """True for names of protected characteristics, whatever their case, accents and separators.

    Only names that are not columns of the table are asked about, so that `name` of a unit and
    `worship` among contact weights are never refused.
    """
    split_camel = re.sub(r"([a-z])([A-Z])", r"\1 \2", name[:200])
    plain = unicodedata.normalize("NFKD", split_camel.casefold().replace("đ", "dj"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _names_one(plain) or _names_one(plain.translate(LOOKALIKES))


def _names_one(plain: str) -> bool:
    words = [word for word in re.split(r"[\W\d_]+", plain) if word]
    text = "".join(words)
    if all(len(word) == 1 for word in words):
        words.append(text)
    stems, whole_words = _refused_names()
    return not whole_words.isdisjoint(words) or any(stem in text for stem in stems)
