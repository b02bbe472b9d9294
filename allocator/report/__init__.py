"""Rendering of plans and comparisons: HTML, XLSX and CSV. Nothing is computed here."""

from allocator.report.write import write_report

__all__ = ["write_report"]
