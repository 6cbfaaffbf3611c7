"""The engine: it tells QuickBooks what happened here, and listens to what happened there.

It alone knows both sides: links between records, mappings chosen by people, envelopes on their way, attempts,
deliveries of webhooks, reconciliation.

Its shelves, from the ground up; a file imports only its own shelf and those before it (`tests/house` holds it):

records      what the engine remembers
judging      may it be told, and in what words?
company      the tie to the company on the other side
mapping      what of its lists stands for what of ours
answered     what an answer makes of the members of an envelope
comparing    both sides of a document, and what differs
payments     money, both ways
listening    what happened there reaches us
telling      what happened here reaches QuickBooks
steering     a person mends, repeats, pauses or turns
first_day    from zero to trusted
importing    what QuickBooks has becomes ours
reconciling  both sides compared as a whole
watching     what a person sees of all this

What does not belong here: how Intuit is spoken to (`quickbooks`), what an invoice is (`billing`), how a page looks
(`web`).
"""
