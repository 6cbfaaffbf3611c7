"""The one box on top of every page, and the page of what it found.

What does not belong here: how things are looked for (sync and billing), and the searches of single lists.
"""
