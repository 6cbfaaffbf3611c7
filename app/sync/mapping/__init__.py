"""What stands for what: a person's choices, what is suggested, and what waits for one.

Whatever waited for a choice is released in the transaction that makes it.

What does not belong here: the rows themselves (`records`), and lists that are taken over as ours (`importing`).
"""
