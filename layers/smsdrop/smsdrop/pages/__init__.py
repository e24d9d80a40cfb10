"""What people see of campaigns: status.json, report.html, index.html."""
