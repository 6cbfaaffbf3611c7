"""The people's door: pages and fragments, forms, sign-in, and what a browser must be told.

A view reads input, calls one verb, chooses an answer. What does not belong here: a decision about money, a call to
QuickBooks, a row of the outbox. Flask's request and session are used here and nowhere else.
"""
