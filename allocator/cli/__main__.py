"""Entry point of the `allocator` command."""

import json
import sys

_WORDS = "Given up; nothing was written."
GIVEN_UP = {
    "code": "interrupted",
    "user_message": _WORDS,
    "developer_message": _WORDS,
    "problems": [],
}


def main() -> None:
    """Run the command line and exit with one of `allocator.jobs.exits.ExitCode`."""
    try:
        from allocator.cli.app import app

        app(prog_name="allocator")
    except KeyboardInterrupt:  # before the command line was ready to say more
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps(GIVEN_UP, indent=2) + "\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
