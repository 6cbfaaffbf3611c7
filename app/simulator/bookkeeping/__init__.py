"""What a company's books are made of: wire numbers, dates, stored records, shelves, refusals. Knows no kind."""
