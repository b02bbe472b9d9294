"""Entry point of the `allocator` command."""

import sys


def main() -> None:
    """Run the command line and exit with one of `allocator.jobs.exits.ExitCode`."""
    try:
        from allocator.cli.app import app

        app(prog_name="allocator")
    except KeyboardInterrupt:  # before the command line was ready to say more
        sys.exit(130)


if __name__ == "__main__":
    main()
