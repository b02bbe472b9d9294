"""YAML without surprises: plain data only, no anchors, no tags, no repeated keys, limited size."""

import re
from typing import Any

import yaml

MAX_YAML_BYTES = 200_000
MOST_OPEN_BRACKETS = 500
_BRACKETS = re.compile(r"[\[\]{}]")


class YamlProblem(Exception):  # noqa: N818 - turned into a Problem by whoever reads the file
    """What is wrong with a YAML text, with a code of docs/scenario-format.md and a line."""

    def __init__(self, code: str, found: str, line: int | None = None) -> None:
        super().__init__(found)
        self.code = code
        self.found = found
        self.line = line


class _PlainLoader(yaml.SafeLoader):
    """Safe loader that refuses anchors, aliases, tags and repeated keys."""

    # Dates stay text, so that one that does not exist is reported with everything else.
    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlProblem("yaml_anchor", "an anchor (&) or alias (*)", line)
        tag = getattr(event, "tag", None)
        if tag:
            raise YamlProblem("yaml_tag", f"a tag ({tag})", line)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                line = key.start_mark.line + 1
                raise YamlProblem("key_repeated", f"the key {key.value!r} twice", line)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def parse_yaml(text: str) -> Any:
    """Plain data of a YAML text; dates stay text.

    Raises
    ------
    YamlProblem
        If the text is no YAML, too long or too deep, or uses anchors, tags or a key twice.
    """
    if len(text) > MAX_YAML_BYTES:
        raise YamlProblem("file_too_large", f"{len(text)} characters")
    if _is_deep(text):
        raise YamlProblem("nested_too_deep", "brackets nested too deep")
    try:
        return _plain(yaml.load(text, Loader=_PlainLoader))  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise YamlProblem("yaml_malformed", error.problem or "a broken line", line) from None
    except yaml.YAMLError as error:
        raise YamlProblem("yaml_malformed", str(error).splitlines()[0]) from None
    except RecursionError:
        raise YamlProblem("nested_too_deep", "lists or mappings nested too deep") from None
    except ValueError as error:  # a number of thousands of digits
        raise YamlProblem("yaml_malformed", str(error)) from None


def _is_deep(text: str) -> bool:
    """True where so many brackets are open that the parser, which looks ahead, takes seconds."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        if depth > MOST_OPEN_BRACKETS:
            return True
    return False


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
