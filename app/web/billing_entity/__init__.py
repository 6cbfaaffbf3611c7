"""The companies that issue invoices: name, address, tax regime, numbers."""
