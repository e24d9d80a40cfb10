"""Looking receipts up, some time after the close."""
