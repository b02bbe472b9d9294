"""CSV files as rows of text."""

import csv
import io

from allocator.prepare.files import MAX_FILE_BYTES, decode
from allocator.prepare.problems import Place, Problems

TextRow = list[str]


def csv_rows(data: bytes, name: str, problems: Problems) -> list[TextRow] | None:
    """All rows of a CSV file, None with problems recorded when it is not one.

    Commas separate; semicolons do where the header has no comma, as spreadsheets write them in
    countries with a decimal comma.
    """
    text = decode(data, name, problems)
    if text is None:
        return None
    csv.field_size_limit(MAX_FILE_BYTES)
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    rows: list[TextRow] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        place = Place(name, len(rows) + 1)
        action = "Check the quotation marks in this row: each one that opens must close."
        problems.add("csv_malformed", place, str(error), "a well-formed row", action)
        return None
    return rows
