"""Tax codes: the list and its form."""
