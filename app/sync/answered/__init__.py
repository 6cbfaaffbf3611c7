"""An envelope was answered: what that makes of its members, and how it is written down.

Taken is linked, refused is retried or held, unknown is asked about; all of an envelope in one transaction, under the
fence.

What does not belong here: sending (`telling`), and what QuickBooks tells by itself (`listening`).
"""
