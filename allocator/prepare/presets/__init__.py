"""Shipped legal profiles, housing policies and contact-weight sets."""

from allocator.prepare.presets.presets import (
    contact_weights_names,
    load_contact_weights,
    load_policy,
    load_profile,
    policy_names,
    profile_names,
)

__all__ = [
    "contact_weights_names",
    "load_contact_weights",
    "load_policy",
    "load_profile",
    "policy_names",
    "profile_names",
]
