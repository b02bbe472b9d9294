"""Reads and writes scenarios and plans, and makes the instance that an engine solves."""
