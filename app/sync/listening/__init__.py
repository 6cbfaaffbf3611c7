"""What happened there reaches us: webhooks kept, opened, claimed and taken in; and what they lost, caught up with.

An event's own values are never trusted: what it points to is read again.

What does not belong here: what a change there means for a document or a payment of ours (`comparing`, `payments`).
"""
