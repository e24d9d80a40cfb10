"""Orders: pause, resume, cancel, approve; and the pause of the whole stack."""
