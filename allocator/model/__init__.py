"""Frozen domain data: estate, people, relations, profiles, policies, shapes, plans."""
