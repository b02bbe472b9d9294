"""Entry point of the `allocator` command."""


def main() -> None:
    """Run the command line and exit with one of `allocator.jobs.exits.ExitCode`."""
    from allocator.cli.app import app

    app(prog_name="allocator")


if __name__ == "__main__":
    main()
