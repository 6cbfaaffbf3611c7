"""The control API. Everything is JSON; mistakes answer 400 or 404 with `{"error": "…"}`. No key is needed.

State
  GET  /_simulator/health                            {"status": "ok"}
  GET  /_simulator/stats                             {"realms": {realm: {requests, reads, writes, batches, operations,
                                                     throttled, refused, max_writes_in_flight}}, "total": {…}}
  POST /_simulator/stats/reset                       counters back to 0
  GET  /_simulator/requests?limit=100&offset=0       {"requests": [{at, realm, method, path, status, tid, …}]}
  POST /_simulator/reset                             first day again; webhook endpoints and redirects stay
  POST /_simulator/snapshot {"name": "a"}            keep the state;  POST /_simulator/restore {"name": "a"}
  GET  /_simulator/clock                             {"now", "offset_seconds"}
  POST /_simulator/clock {"advance_seconds": 3600}   or {"now": "2026-09-30T09:00:00Z"} or {"offset_seconds": 0}
  POST /_simulator/limits {"on": true}               Intuit's rate limits on or off

Companies (<realm> is the id in the API's addresses)
  GET  /_simulator/companies                         {"companies": [{realm, label, name, environment, …}]}
  POST /_simulator/companies                         {"realm": "77", "name", "environment", "label": "uk" |
                                                     "us" | "multi"} founds one more
  GET  /_simulator/companies/<realm>/counts          {"Invoice": {"live": 3, "deleted": 0}, …}
  GET  /_simulator/companies/<realm>/totals          {"Invoice": {count, total, tax, balance, paid, partially_paid,
                                                     duplicates}, "CreditMemo": …, "Payment": {count, total, unapplied}}
  POST /_simulator/companies/<realm>/token           {"access_token", "expires_in", "api_base", "realmId"}
  POST /_simulator/companies/<realm>/authorize       {"client_id", "redirect_uri", "state"} -> {code, realmId, state,
                                                     redirect}; {"client_id", "tokens": true} -> tokens at once
  POST /_simulator/companies/<realm>/disconnect      the user disconnects inside QuickBooks
  POST /_simulator/companies/<realm>/expire          {"what": "access"} access tokens die now
  POST /_simulator/companies/<realm>/preferences     {"SalesFormsPrefs": {"CustomTxnNumbers": false}},
                                                     also {"AccountingInfoPrefs": {"BookCloseDate": "2026-03-31"|null}}
  POST /_simulator/companies/<realm>/subscription    {"status": "EXPIRED"} makes the company read-only
  POST /_simulator/companies/<realm>/payments        one or a list of {"customer": "1", "total": "50.00", "date",
                                                     "reference", "allocations": [{"invoice_id", "amount": "50.00"}]}
                                                     -> {"payments": [id | null], "refused": [{"index", "error"}]}
  POST /_simulator/companies/<realm>/records/<Kind>                   create as a person in QuickBooks
  GET  /_simulator/companies/<realm>/records/<Kind>?after=0&limit=500 {"records": […], "next": id or null}
  GET  /_simulator/companies/<realm>/records/<Kind>/<id>
  POST /_simulator/companies/<realm>/records/<Kind>/<id>/edit         sparse change, SyncToken not needed
  POST /_simulator/companies/<realm>/records/<Kind>/<id>/void, …/delete
  POST /_simulator/companies/<realm>/records/<Kind>/<id>/merge {"into": "2"}   customers and vendors
  POST /_simulator/companies/<realm>/records/Payment/<id>/deposit     taken to the bank: 6540 from then on

Behaviour
  GET/POST /_simulator/switches {"tax_rounding": "per_line"}          values, and what each means; for measurements
                                                     {"request_seconds": 0.3, "document_seconds": 0.04} make calls slow
  GET  /_simulator/faults                            {"faults": […], "effects": {…}}
  POST /_simulator/faults                            {"effect": "lost_after", "method": "POST", "kind": "invoice",
                                                     "operation": "create", "realm", "count": 1 (0 = for ever),
                                                     "skip": 0, "probability": 1, "seed": 0, "seconds", "code",
                                                     "message", "detail", "status", "member": 1} -> {"id", …};
                                                     a `code` alone brings its recorded texts
  DELETE /_simulator/faults, /_simulator/faults/<id>

App (<environment> is production or sandbox)
  GET  /_simulator/redirects                         {"production": [addresses a consent may lead back to], …}
  POST /_simulator/redirects/<environment>           {"redirects": ["https://…"]} these to the letter; [] any

Webhooks
  GET  /_simulator/webhooks                          {"mode", "endpoints", "deliveries": […]}
  POST /_simulator/webhooks/endpoints/<environment>  {"url", "verifier"}
  POST /_simulator/webhooks/mode {"mode": "sending" | "paused" | "withheld"}
  POST /_simulator/webhooks/flush                    send everything now -> {"delivered": n, "pending": n}
  POST /_simulator/webhooks/repeat {"id": 3}         send one again, or without id all withheld ones
"""

from app.simulator.control import apps, behaviour, companies, hooks, records, state
from app.simulator.control.door import control

# The modules hang their views on the blueprint when they are imported.
PARTS = (apps, behaviour, companies, hooks, records, state)

__all__ = ["PARTS", "control"]
