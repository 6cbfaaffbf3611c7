"""The control API under `/_simulator/`: all that the console does, for programs. See `views.py` for the addresses."""
