"""Tests of allocator.goals."""
