"""Who carries a placement: people moved, moved again too soon, crowded again (R34, R39)."""

from dataclasses import dataclass, replace

from allocator.model.catalogue import GoalId
from allocator.verify import g34_moves, g39_repeated_crowding, g39_repeated_moves
from allocator.verify.view import View


@dataclass(frozen=True, slots=True)
class Burden:
    """Burdens of one placement; people by id.

    Parameters
    ----------
    moved : people whom the placement moves out of a present cell; arrivals are not among them.
    moved_again : those of them whose last move is less than the profile's cooldown ago.
    crowded_again : people with days below the warning floor who are placed below it again.
    move_points : points of moves at weight 1 (R34). repeated_move_points, crowded_months : the
        judge's repeated moves and repeated crowding at weight 1 (R39).
    """

    moved: tuple[str, ...]
    moved_again: tuple[str, ...]
    crowded_again: tuple[str, ...]
    move_points: int
    repeated_move_points: int
    crowded_months: int


def burden_of(view: View) -> Burden:
    """The burdens of a view's placement, whatever weight the policy gives them."""
    plain = _at_weight_one(view)
    floor_m2 = view.limits.space_floor_warning_m2
    movers = [person for person, _ in view.moved]
    return Burden(
        moved=tuple(person.person_id for person in movers),
        moved_again=tuple(
            person.person_id
            for person in movers
            if person.last_moved_at is not None
            and 0 <= (view.day - person.last_moved_at).days < view.limits.cooldown_days
        ),
        crowded_again=tuple(
            person.person_id
            for person, site in view.placed()
            if person.days_below_warning_floor > 0 and site.is_below(floor_m2)
        ),
        move_points=g34_moves.value(plain),
        repeated_move_points=g39_repeated_moves.value(plain),
        crowded_months=g39_repeated_crowding.value(plain),
    )


def _at_weight_one(view: View) -> View:
    weights = dict.fromkeys((GoalId.MOVES, GoalId.BURDEN), 1)
    policy = replace(view.policy, weights=weights)
    return View(replace(view.scenario, policy=policy), view.placement, base=view)
