"""The sync log: what was told to QuickBooks, how often it was tried, what it answered; and trying again."""
