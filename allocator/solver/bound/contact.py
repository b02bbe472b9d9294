"""Contact between cells as a table between classes, whatever the level of a pair term."""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.tables import Tables

CONTACT = -1  # the level of pair terms that count by contact weights


@dataclass(frozen=True, slots=True, eq=False)
class ContactTable:
    """Weights between classes of cells; the last class is nowhere and has no contact.

    Parameters
    ----------
    cells : shape (m + 1,), class of each cell; the last entry, also index -1, is nowhere.
    matrix : shape (C, C). extra : shape (m + 1,), what people in one cell get more than `matrix`.
    """

    cells: IntArray
    matrix: IntArray
    extra: IntArray


def contact_table(t: Tables, level: int) -> ContactTable:
    """The table of a level: -1 for contact weights, else 1 in one unit and 0 elsewhere."""
    m = len(t.cap)
    if level == 0:
        cells = np.append(np.zeros(m, dtype=np.int64), 1)
        matrix, extra = np.zeros((2, 2), dtype=np.int64), np.append(np.ones(m, dtype=np.int64), 0)
    elif level > 0:
        width = int(t.units[level].max(initial=-1)) + 1
        unit = t.units[level].astype(np.int64)
        cells = np.append(np.where(unit < 0, width, unit), width)
        matrix = np.eye(width + 1, dtype=np.int64)
        matrix[width, width] = 0
        extra = np.zeros(m + 1, dtype=np.int64)
    else:
        width = len(t.contact)
        cells = np.append(t.contact_class, width)
        matrix = np.zeros((width + 1, width + 1), dtype=np.int64)
        matrix[:width, :width] = t.contact
        single = np.bincount(t.contact_class, minlength=width)[t.contact_class] == 1
        own = t.contact_class[single]
        matrix[own, own] = t.cell_contact[single]
        inside = matrix[t.contact_class, t.contact_class]
        extra = np.append(t.cell_contact - inside, 0)
    return ContactTable(cells.astype(np.int64), matrix, extra)
