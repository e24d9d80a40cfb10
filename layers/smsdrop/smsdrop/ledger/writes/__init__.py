"""What a write of the ledger says once it stands, in metrics and in the log."""
