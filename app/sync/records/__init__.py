"""What the engine remembers: links, mappings, policies, numbers it gave, envelopes, attempts.

The ground of the room: every other shelf reads these rows, so nothing here knows why one is written.

What does not belong here: a decision; and the rows of one chapter (deliveries, differences, runs), which lie with it.
"""
