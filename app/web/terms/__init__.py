"""Payment terms: the list and its form."""
