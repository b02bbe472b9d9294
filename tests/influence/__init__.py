"""Tests of allocator.influence."""
