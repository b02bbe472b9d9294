"""An instance with some of its people only; everybody else is nowhere."""

from dataclasses import replace

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import Apart, Count, IntArray, MoveLimit, OneClass, Shape


def only_people(instance: Instance, persons: IntArray) -> Instance:
    """The problem of `persons` alone, in their order; for shapes of rules.

    Lower limits are left out, because the people who are left out might have filled them.
    """
    at = np.full(instance.n_persons, -1, dtype=np.int64)
    at[persons] = np.arange(len(persons))
    shapes = (_restricted(shape, at) for shape in instance.shapes)
    return replace(
        instance,
        person_ids=tuple(instance.person_ids[i] for i in persons.tolist()),
        places=instance.places[persons],
        current=instance.current[persons],
        shapes=tuple(shape for shape in shapes if shape is not None),
    )


def _restricted(shape: Shape, at: IntArray) -> Shape | None:
    """A shape over the people who stay, None where none of them is concerned."""
    if isinstance(shape, Apart):
        both = (at[shape.first] >= 0) & (at[shape.second] >= 0)
        first, second = at[shape.first[both]], at[shape.second[both]]
        return replace(shape, first=first, second=second) if both.any() else None
    stay = at[shape.persons] >= 0  # type: ignore[union-attr]
    if not stay.any():
        return None
    persons = at[shape.persons[stay]]  # type: ignore[union-attr]
    match shape:
        case Count():
            low = np.zeros_like(shape.low)
            return replace(shape, persons=persons, weights=shape.weights[stay], low=low)
        case MoveLimit():
            return replace(shape, persons=persons, weights=shape.weights[stay])
        case OneClass():
            return replace(shape, persons=persons, classes=shape.classes[stay])
        case _:
            return replace(shape, persons=persons)  # type: ignore[arg-type]
