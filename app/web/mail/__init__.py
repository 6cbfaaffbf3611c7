"""Mails as they were kept: readable, with their state and what the mail server said."""
