"""CSV, JSON Lines, Excel, OpenDocument -> numbered rows."""
