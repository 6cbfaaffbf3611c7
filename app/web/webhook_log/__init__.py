"""The webhook log: is the endpoint set up, what arrived, what was refused, and what each event did."""
