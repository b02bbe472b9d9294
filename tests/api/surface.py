"""What the interface promises, one operation a line: a change of it shows in the diff.

``python -m tests.api.surface`` writes `surface.txt` anew from the present application.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from allocator.api.app import create_app
from allocator.service.root import open_service
from allocator.service.settings import read_settings

FILE = Path(__file__).with_name("surface.txt")


def surface_of(description: dict[str, Any]) -> str:
    """Method, address, operation id, parameters (`*` where required), body and statuses."""
    lines = [
        " ".join((method.upper(), path, operation["operationId"], *_parts(operation)))
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    return "\n".join(sorted(lines)) + "\n"


def _parts(operation: dict[str, Any]) -> tuple[str, str, str]:
    parameters = (
        f"{entry['in']}:{entry['name']}{'*' if entry.get('required') else ''}"
        for entry in operation.get("parameters", [])
    )
    content = operation.get("requestBody", {}).get("content", {})
    return (
        f"[{','.join(sorted(parameters))}]",
        f"[{','.join(sorted(content))}]",
        ",".join(sorted(operation["responses"])),
    )


def main() -> int:
    """Write the file."""
    with tempfile.TemporaryDirectory() as folder:
        service = open_service(read_settings(data_folder=Path(folder)))
        FILE.write_text(surface_of(create_app(service).openapi()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
