"""Aged debtors: who owes how much, and for how long it has been overdue."""
