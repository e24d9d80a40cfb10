"""What AWS bills for a campaign: the calls, metered, and their prices."""
