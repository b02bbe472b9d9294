"""Who an actor is, in the words of those who read what they did."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.service.access.accounts import PREFIX
from allocator.store.tables import Account, ApiKey

KEY, SYSTEM, OIDC, MACHINE = "key:", "system:", "oidc:", "os:"


def names_of(session: Session, actors: Iterable[str | None]) -> Mapping[str, str]:
    """A name for each actor: of an account its display name, of a key the name it was given.

    Parameters
    ----------
    actors : as `Caller.actor`; None for nobody, who is left out.
    """
    wanted = sorted({actor for actor in actors if actor})
    accounts = [actor.removeprefix(PREFIX) for actor in wanted if actor.startswith(PREFIX)]
    keys = [actor.removeprefix(KEY) for actor in wanted if actor.startswith(KEY)]
    known = {
        PREFIX + row.account_id: row.display_name
        for row in session.scalars(select(Account).where(Account.account_id.in_(accounts)))
    }
    known |= {
        KEY + row.key_id: f"the program {row.name}"
        for row in session.scalars(select(ApiKey).where(ApiKey.key_id.in_(keys)))
    }
    return {actor: known.get(actor) or _plain(actor) for actor in wanted}


def _plain(actor: str) -> str:
    """What an actor's own id says; of a provider's account the subject."""
    if actor.startswith(SYSTEM):
        return "the service itself"
    if actor.startswith(OIDC):
        return actor.rpartition("#")[2]
    return actor.removeprefix(MACHINE)
