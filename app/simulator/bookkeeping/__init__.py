"""What a company's books are made of: wire numbers, dates, stored records, shelves and refusals. Knows no kind of document."""
