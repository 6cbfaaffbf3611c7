"""One file per kind of record (Customer, Invoice, …): its fields, its rules, its side effects. Knows no HTTP."""
