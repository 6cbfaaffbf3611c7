"""Statements of account: on a page, as a CSV file, as a PDF."""
