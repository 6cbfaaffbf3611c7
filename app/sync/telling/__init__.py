"""What happened here reaches QuickBooks: due messages decided, packed into envelopes, stored, sent, lane by lane.

No transaction is open while Intuit is on the line.

What does not belong here: whether a document may be told at all (`judging`), and what its answer changes (`answered`).
"""
