"""Imported by the process that children of tests are forked from, before any of them.

What every child reads or imports once it is needed takes it longer than the scenarios of most
tests: presets, the columns of tables, parts of the program, and the library of workbooks.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import openpyxl

from allocator import explain, jobs, report, verify
from allocator.prepare.read import read_scenario

STORED = Path(__file__).parents[1] / "scenarios" / "f14_sep_3"

READ = read_scenario(STORED), openpyxl.__version__
for package in (explain, jobs, report, verify):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(module.name)
