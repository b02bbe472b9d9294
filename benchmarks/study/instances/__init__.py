"""Generators of the study's instances: frozen arguments and a seed give one instance."""
