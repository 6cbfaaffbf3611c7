"""The clock's door: hints that arrive through Huey, and a sweep that finds what no hint told.

Losing every hint costs a second. What does not belong here: any decision; each task calls one verb of a lower room.
"""
