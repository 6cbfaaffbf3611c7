"""What QuickBooks has and we have not: customers, lists and documents offered, chosen, and made ours.

Nothing is written in QuickBooks.

What does not belong here: documents that both sides have (`first_day` ties them).
"""
