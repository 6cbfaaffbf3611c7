"""The sync state: is it running, how much may still leave, what waits, and until when; and holding it."""
