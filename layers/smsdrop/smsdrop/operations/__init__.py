"""Orders: resume, cancel; and the pause of the whole stack."""
