"""Numbers and dates of a spreadsheet as their formats show them."""
