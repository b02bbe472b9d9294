"""Accounts and keys on the screen, and as plain data."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from allocator.jobs.terminal import out, plain_table
from allocator.store.tables import Account, ApiKey

Row = dict[str, Any]


def account_row(account: Account) -> Row:
    """An account as plain data; of its password nothing."""
    return {
        "id": account.account_id,
        "name": account.name,
        "display_name": account.display_name,
        "roles": account.roles,
        "facilities": account.facilities,
        "is_disabled": account.is_disabled,
    }


def key_row(key: ApiKey) -> Row:
    """A key as plain data, without its secret."""
    return {
        "id": key.key_id,
        "name": key.name,
        "roles": key.roles,
        "facilities": key.facilities,
        "ends_at": None if key.ends_at is None else key.ends_at.isoformat(),
        "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
    }


def show_accounts(rows: Sequence[Row]) -> None:
    """Print accounts, one in a line."""
    table = plain_table(
        ("name", "shown as", "roles", "facilities", "state"),
        [
            (
                row["name"],
                row["display_name"],
                ", ".join(row["roles"]),
                ", ".join(row["facilities"]),
                "disabled" if row["is_disabled"] else "active",
            )
            for row in rows
        ],
    )
    out().print(table if rows else "No accounts. Make one with: allocator user add NAME")


def show_keys(rows: Sequence[Row], token: str | None) -> None:
    """Print keys, one in a line, and the secret of a new one."""
    console = out()
    table = plain_table(
        ("key", "name", "roles", "facilities", "ends", "revoked"),
        [
            (
                row["id"],
                row["name"],
                ", ".join(row["roles"]),
                ", ".join(row["facilities"]),
                row["ends_at"],
                row["revoked_at"],
            )
            for row in rows
        ],
    )
    console.print(table if rows else "No keys. Make one with: allocator key add NAME")
    if token is not None:
        console.print(Text(f"Shown this once: {token}", style="bold"))
