"""A person takes the wheel: failures by their cause, and what mends, repeats, releases, pauses or turns them.

What does not belong here: figures and lists that are only looked at (`watching`), and differences (`reconciling`).
"""
