"""From zero to trusted: the steps of the first day, the pre-flight check, history linked, tax and documents tried dry.

What does not belong here: rules of its own about what holds a document back; it asks `judging`, as each push does.
"""
