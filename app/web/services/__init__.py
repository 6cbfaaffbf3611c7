"""What we sell: the list and its form."""
