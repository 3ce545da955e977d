"""Lindung: from a mayor's regulation and a spreadsheet to covered workers."""

__version__ = "0.1.0"
