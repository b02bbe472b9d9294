"""Reads the shipped profiles, policies and contact weights by name."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from allocator.errors import ConfigError
from allocator.model.policy import ContactWeights, Policy
from allocator.model.profile import LegalProfile
from allocator.prepare.presets.resolve import (
    SettingProblem,
    resolve_contact_weights,
    resolve_policy,
    resolve_profile,
)
from allocator.prepare.problems import nearest, show
from allocator.prepare.wire_settings import ContactWeightsWire, PolicyWire, ProfileWire
from allocator.prepare.wire_types import Wire
from allocator.prepare.yaml_reader import YamlProblem, parse_yaml

FOLDER = Path(__file__).parent
WireModel = TypeVar("WireModel", bound=Wire)


def _names(kind: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (FOLDER / kind).glob("*.yaml")))


def profile_names() -> tuple[str, ...]:
    """Names of the shipped legal profiles."""
    return _names("profiles")


def policy_names() -> tuple[str, ...]:
    """Names of the shipped policies."""
    return _names("policies")


def contact_weights_names() -> tuple[str, ...]:
    """Names of the shipped contact-weight sets."""
    return _names("contact_weights")


@lru_cache
def load_profile(name: str) -> LegalProfile:
    """A shipped legal profile.

    Raises
    ------
    ConfigError
        If there is none of that name.
    """
    return read_profile_file(_path("profiles", "legal profile", name))


@lru_cache
def load_policy(name: str) -> Policy:
    """A shipped policy.

    Raises
    ------
    ConfigError
        If there is none of that name.
    """
    return read_policy_file(_path("policies", "policy", name))


@lru_cache
def load_contact_weights(name: str) -> ContactWeights:
    """A shipped set of contact weights.

    Raises
    ------
    ConfigError
        If there is none of that name.
    """
    return read_contact_weights_file(_path("contact_weights", "set of contact weights", name))


def read_profile_file(path: Path) -> LegalProfile:
    """A legal profile from a YAML file.

    Raises
    ------
    ConfigError
        If a key is unknown or a value is wrong; file and key are named.
    """
    wire = _read_wire(path, ProfileWire)
    try:
        base = load_profile(wire.extends) if wire.extends else None
        return resolve_profile(wire, base)
    except SettingProblem as problem:
        raise _config_error(path, problem) from None


def read_policy_file(path: Path) -> Policy:
    """A policy from a YAML file.

    Raises
    ------
    ConfigError
        If a key is unknown or a value is wrong; file and key are named.
    """
    wire = _read_wire(path, PolicyWire)
    try:
        base = load_policy(wire.extends) if wire.extends else None
        return resolve_policy(wire, base)
    except SettingProblem as problem:
        raise _config_error(path, problem) from None


def read_contact_weights_file(path: Path) -> ContactWeights:
    """Contact weights from a YAML file.

    Raises
    ------
    ConfigError
        If a key is unknown or a value is wrong; file and key are named.
    """
    wire = _read_wire(path, ContactWeightsWire)
    try:
        base = load_contact_weights(wire.extends) if wire.extends else None
        return resolve_contact_weights(wire, base)
    except SettingProblem as problem:
        raise _config_error(path, problem) from None


def _path(kind: str, noun: str, name: str) -> Path:
    known = _names(kind)
    if name not in known:
        message = (
            f"There is no {noun} {show(name)}. {nearest(name, known)}Known: {', '.join(known)}."
        )
        raise ConfigError(message)
    return FOLDER / kind / f"{name}.yaml"


def _read_wire(path: Path, model: type[WireModel]) -> WireModel:
    try:
        data = parse_yaml(path.read_text(encoding="utf-8"))
        return model.model_validate_json(json.dumps(data))
    except YamlProblem as problem:
        message = f"{path.name}, line {problem.line}: found {problem.found}."
        raise ConfigError(message) from None
    except ValidationError as error:
        lines = (
            f"{path.name}, key {'.'.join(map(str, e['loc']))}: "
            f"found {show(e['input'])}; {e['msg']}."
            for e in error.errors()
        )
        raise ConfigError("\n".join(lines)) from None


def _config_error(path: Path, problem: SettingProblem) -> ConfigError:
    message = f"{path.name}, key {problem.key}: found {problem.found}; allowed: {problem.allowed}."
    return ConfigError(message)
