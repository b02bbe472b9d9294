"""The base of every table: typed columns, and names that both databases agree on."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, MetaData, String
from sqlalchemy.orm import DeclarativeBase

from allocator.store.types import UtcTime

ID_LENGTH = 32  # a uuid4 in hexadecimal
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Common to all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        date: Date,
        str: String,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }
