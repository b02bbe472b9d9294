"""Rendering of plans and comparisons: HTML, XLSX and CSV. Nothing is computed here."""
