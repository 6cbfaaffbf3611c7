"""Who may do what: organisations, their people, sessions, one-time links, and the one table of rights.

What does not belong here: a request, a page, a cookie (that is the web's), or anything an organisation bills.
"""
