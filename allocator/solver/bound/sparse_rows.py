"""Rows of a linear programme, collected one block after another."""

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array, csc_array


@dataclass(eq=False)
class SparseRows:
    """Rows `sum of values * variables <= most`.

    Attributes
    ----------
    most : right-hand side of each row.
    """

    most: list[float] = field(default_factory=list)
    _rows: list[np.ndarray] = field(default_factory=list)
    _columns: list[np.ndarray] = field(default_factory=list)
    _values: list[np.ndarray] = field(default_factory=list)

    def add(self, columns: np.ndarray, values: np.ndarray, most: float) -> int:
        """Add one row and return its number."""
        self.add_many(np.zeros(len(columns), dtype=np.int64), columns, values, [most])
        return len(self.most) - 1

    def add_many(
        self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray, most: list[float]
    ) -> int:
        """Add rows, numbered from 0 in `rows`, and return the number of the first."""
        first = len(self.most)
        self._rows.append(np.asarray(rows, dtype=np.int64) + first)
        self._columns.append(np.asarray(columns, dtype=np.int64))
        self._values.append(np.asarray(values, dtype=np.float64))
        self.most.extend(most)
        return first

    def add_same(self, columns: np.ndarray, values: tuple[float, ...], most: float) -> int:
        """Add a row for each row of `columns`, all with the same values."""
        rows = np.repeat(np.arange(len(columns)), len(values))
        everywhere = np.tile(np.array(values, dtype=np.float64), len(columns))
        return self.add_many(rows, columns.reshape(-1), everywhere, [most] * len(columns))

    def matrix(self, width: int) -> csc_array:
        """All rows as one matrix of `width` columns."""
        shape = (len(self.most), width)
        at = (np.concatenate(self._rows), np.concatenate(self._columns))
        return coo_array((np.concatenate(self._values), at), shape=shape).tocsc()
