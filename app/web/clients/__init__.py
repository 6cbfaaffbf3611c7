"""Whom we bill: the list, one client with all that concerns it, and its form."""
