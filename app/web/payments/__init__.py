"""Payments and how they are divided; they are learnt from the books, and only shown here."""
