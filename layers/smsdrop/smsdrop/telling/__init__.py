"""What happens to a campaign -> notices by mail and by chat robots."""
