"""Accounts and keys at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.service.access.sessions import sign_in
from allocator.service.errors import AuthenticationError
from allocator.service.root import open_service
from allocator.service.settings import read_settings

PASSWORD = "three quiet green lamps"  # noqa: S105


def _run(folder: Path, *words: str, given: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--data", str(folder)], input=given)
    return result.exit_code, result.stdout


def _json(folder: Path, *words: str, given: str | None = None) -> Any:
    code, text = _run(folder, *words, "--json", given=given)
    assert code == 0, text
    return json.loads(text)


def _add(folder: Path, name: str = "amina") -> Any:
    words = ("user", "add", name, "--role", "officer", "--facility", "F", "--password-stdin")
    return _json(folder, *words, given=f"{PASSWORD}\n")


def test_an_account_from_its_making_to_its_end(tmp_path: Path) -> None:
    made = _add(tmp_path)["users"][0]
    assert (made["roles"], made["facilities"]) == (["officer"], ["F"])
    service = open_service(read_settings(data_folder=tmp_path))
    sign_in(service, "amina", PASSWORD, "10.0.0.7")
    words = ("--role", "signer", "--role", "reviewer", "--facility", "*")
    changed = _json(tmp_path, "user", "roles", "amina", *words)["users"][0]
    assert (changed["roles"], changed["facilities"]) == (["reviewer", "signer"], ["*"])
    _json(tmp_path, "user", "password", "amina", "--password-stdin", given="seven slow rivers\n")
    with pytest.raises(AuthenticationError):
        sign_in(service, "amina", PASSWORD, "10.0.0.7")
    sign_in(service, "amina", "seven slow rivers", "10.0.0.7")
    assert _json(tmp_path, "user", "disable", "amina")["users"][0]["is_disabled"] is True
    with pytest.raises(AuthenticationError):
        sign_in(service, "amina", "seven slow rivers", "10.0.0.7")
    assert _json(tmp_path, "user", "disable", "amina", "--undo")["users"][0]["is_disabled"] is False
    code, text = _run(tmp_path, "user", "list")
    assert code == 0
    assert "amina" in text
    service.database.close()


def test_a_key_is_shown_once(tmp_path: Path) -> None:
    words = ("key", "add", "nightly", "--role", "planner", "--facility", "F", "--days", "7")
    made = _json(tmp_path, *words)
    assert made["token"].startswith("ak_")
    assert made["token"] not in json.dumps(_json(tmp_path, "key", "list"))
    revoked = _json(tmp_path, "key", "revoke", made["api_keys"][0]["id"])["api_keys"][0]
    assert revoked["revoked_at"] is not None


@pytest.mark.parametrize(
    "words",
    [
        ("user", "disable", "nobody"),
        ("user", "add", "amina", "--role", "officer", "--facility", "F"),
        ("user", "add", "amina", "--role", "root", "--facility", "F", "--password-stdin"),
        ("user", "add", "a b", "--role", "officer", "--facility", "F", "--password-stdin"),
        ("key", "add", "k", "--role", "signer", "--facility", "F"),
        ("key", "revoke", "nobody"),
    ],
)
def test_wrong_usage_is_said_and_changes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, text = _run(tmp_path, *words, "--json", given=f"{PASSWORD}\n")
    assert code == 2
    assert json.loads(text)["user_message"]
    assert _json(tmp_path, "user", "list")["users"] == []
