"""The companies a fresh simulator holds, as values. A new region is a new file here."""
