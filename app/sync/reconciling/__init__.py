"""Both sides compared as a whole, by night or when asked; what was missed is taken in, and differences are settled.

What does not belong here: how two documents are compared (`comparing`).
"""
