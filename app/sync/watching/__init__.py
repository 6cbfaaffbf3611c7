"""What a person sees of the engine: its state and speed, the logs, and where each document stands.

All of it is derived and never stored twice; what is old and no longer needed leaves here too.

What does not belong here: changing anything a person asked to change (`steering`).
"""
