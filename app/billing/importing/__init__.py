"""Documents from files: read, understood by a profile, decided on, carried out in short transactions.

What does not belong here: what an invoice is (billing), or how a file reaches us (the doors).
"""
