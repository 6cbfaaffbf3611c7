"""The foreign office: everything that is Intuit's, nothing that is ours.

It keeps the tie to a company, its tokens and its limits, speaks the Accounting API to the letter, and turns its
complaints into a few kinds. What does not belong here: what an invoice of ours is, when it is sent, and what is done
about a refusal. Those who know do not need to ask this room, and it never asks them.
"""
