"""Compiled local search: state with incremental values, trial moves, annealing."""
