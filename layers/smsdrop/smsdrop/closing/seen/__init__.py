"""What people see of campaigns is written: each minute, and for the last time."""
