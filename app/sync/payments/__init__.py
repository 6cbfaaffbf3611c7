"""Money, both ways: payments of QuickBooks applied here, and payments recorded here told there, each of them once.

What does not belong here: how an answer or an event arrives; and payments as a comparison sees them (`reconciling`).
"""
