"""Files with secrets: made for their owner alone, and named by variables of the environment."""

import os
from pathlib import Path

from allocator.errors import ConfigError

SUFFIX = "_FILE"


def private(path: str, flags: int) -> int:
    """An opener of `open` whose new files only their owner may read."""
    return os.open(path, flags, 0o600)


def secret_in_file(variable: str) -> str | None:
    """The text of the file that `<variable>_FILE` names, without surrounding space; None without.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    """
    path = os.environ.get(f"{variable}{SUFFIX}")
    if path is None:
        return None
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            f"{variable}{SUFFIX} names a file that cannot be read: {error}."
        ) from error
