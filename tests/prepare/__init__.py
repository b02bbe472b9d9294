"""Tests of allocator.prepare."""
