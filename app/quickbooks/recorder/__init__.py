"""Proof of what a real company answers: exchanges are kept on a tape, and a tape is played to another Intuit.

What keeps, plays and compares belongs here; what the portal asks of QuickBooks in its own work does not.
"""
