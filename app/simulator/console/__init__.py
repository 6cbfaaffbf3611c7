"""The pages where a person plays the bookkeeper and sets faults. Plain HTML forms, no scripts."""
