"""What portal and office share: headers, refusals, files, and a log that holds no person's data. No page lives here."""
