"""Who asks: the person or program behind a request, with roles and scope."""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass

from allocator.service.access.roles import Action, Role, may
from allocator.service.errors import ForbiddenError, NotFoundError

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Caller:
    """The author of every change and every read.

    Parameters
    ----------
    actor : permanent and unique, as the audit log has it: `account:<id>`, `key:<id>`,
        `oidc:<issuer>#<subject>`, `os:<user>` at the machine itself, `system:<part>`.
    facilities : ids of facilities, or `*` among them for every one.
    request_id : of the request, "" outside of any.
    """

    actor: str
    name: str
    roles: frozenset[Role]
    facilities: frozenset[str]
    request_id: str = ""

    def require(self, action: Action) -> None:
        """Refuse what no role allows.

        Raises
        ------
        ForbiddenError
            If no role of the caller allows the action.
        """
        if not may(self.roles, action):
            held = ", ".join(sorted(self.roles)) or "none"
            raise ForbiddenError(
                f"Your roles ({held}) do not allow this ({action}). Ask your administrator.",
                f"{self.actor} may not {action}",
            )

    def sees(self, facilities: Iterable[str]) -> bool:
        """True when all of the facilities are in the caller's scope."""
        return EVERYWHERE in self.facilities or self.facilities.issuperset(facilities)

    def require_scope(self, facilities: Iterable[str], what: str) -> None:
        """Refuse what lies out of scope, in the words of what is not there.

        Raises
        ------
        NotFoundError
            If the caller does not see all of the facilities.
        """
        if not self.sees(facilities):
            raise NotFoundError(f"There is no such {what}.")


def operator_caller() -> Caller:
    """Whoever works at the machine itself: the operating system knows who that is."""
    user = getpass.getuser()
    roles = frozenset({Role.ADMINISTRATOR})
    return Caller(f"os:{user}", user, roles, frozenset({EVERYWHERE}))


def system_caller(part: str) -> Caller:
    """The program itself, for work that nobody asks for by name."""
    return Caller(f"system:{part}", part, frozenset(), frozenset({EVERYWHERE}))
