"""A PostgreSQL server of the tests' own: made in a temporary folder, on a socket, then removed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"
OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c max_connections=200"


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl, None when PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path is not None:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """Start a server; yields the address of its databases without a database's name."""
    folder = Path(tempfile.mkdtemp(prefix="allocator-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    data = str(folder / "data")
    _run([str(programs / "initdb"), "-D", data, "-A", "trust", "-U", USER, "--no-sync"])
    control = [str(programs / "pg_ctl"), "-D", data, "-w"]
    try:
        _run([*control, "-o", f"{OPTIONS} -k {folder}", "-l", str(folder / "log"), "start"])
        yield f"postgresql+psycopg://{USER}@/{{name}}?host={folder}"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    """Run a program, as the server's user where we are root, whom PostgreSQL refuses."""
    user = USER if os.geteuid() == 0 else None
    subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603
