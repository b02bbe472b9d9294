"""A scenario as it is sent: one JSON document, or its folder of CSV tables as a zip archive."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError

from allocator.api.examples import SCENARIO
from allocator.api.media_types import JSON, ZIP, media_type
from allocator.jobs.archive import archive_document

DESCRIPTION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "description": "A scenario document; its JSON schema is at /v1/schema.",
                },
                "examples": {"tiny": {"value": SCENARIO}},
            },
            ZIP: {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "description": "A zip archive of scenario.yaml and the CSV tables.",
                }
            },
        },
    }
}
"""For the OpenAPI document, which cannot see a body that is read by hand."""
OTHER = (
    "Send a scenario as JSON (Content-Type: application/json), or scenario.yaml and its CSV tables "
    "as a zip archive (application/zip)."
)


@dataclass(frozen=True, slots=True)
class SentScenario:
    """The body of a request, not yet looked into."""

    content: bytes
    is_archive: bool

    def document(self) -> dict[str, Any]:
        """The scenario document; of an archive only where its tables are valid.

        Raises
        ------
        RequestValidationError
            If it should be JSON and is none, or no object.
        ScenarioError
            As `archive_document`.
        """
        if self.is_archive:
            return archive_document(self.content)
        try:
            found = json.loads(self.content)
        except ValueError:
            raise _invalid("json_invalid", "JSON decode error") from None
        if not isinstance(found, dict):
            raise _invalid("dict_type", "Input should be an object")
        return found


async def sent_scenario(request: Request) -> SentScenario:
    """The dependency behind `SentScenarioOf`."""
    kind = media_type(request.headers)
    if kind not in {JSON, ZIP}:
        raise HTTPException(HTTPStatus.BAD_REQUEST, OTHER)
    return SentScenario(await request.body(), kind == ZIP)


SentScenarioOf = Annotated[SentScenario, Depends(sent_scenario)]


def _invalid(kind: str, words: str) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": ("body",), "msg": words}])
