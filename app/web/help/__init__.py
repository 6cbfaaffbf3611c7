"""Help: the words, the first steps, whom to ask. In the same corner of every page."""
