"""Both sides of a document as plain values: what differs, how a difference is kept, what it means in words.

Webhooks and the nightly reconciliation compare with the same functions, so one difference is one row however it was
seen.

What does not belong here: reading a whole company, and carrying out what a person decided (`reconciling`).
"""
