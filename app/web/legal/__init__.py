"""The pages anybody may read who has not signed in: the licence agreement, and what becomes of people's data.

What does not belong here: the page after a disconnect at Intuit (quickbooks), and help for those who work here (help).
"""
