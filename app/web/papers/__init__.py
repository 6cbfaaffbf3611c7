"""What is handed to a client on paper, drawn as PDF: invoices, credit notes and statements.

What does not belong here: reading the database, and deciding who may have it.
"""
