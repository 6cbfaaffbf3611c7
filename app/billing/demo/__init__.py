"""A believable managed service provider for whoever looks at the portal first: invented, and the same for each seed.

What does not belong here: anything the product needs in earnest.
"""
