"""The company on the other side: the tie to it, its policies, its own news, and the mails when it needs its owners.

What does not belong here: what of its lists stands for what (`mapping`), and what becomes of a single document.
"""
