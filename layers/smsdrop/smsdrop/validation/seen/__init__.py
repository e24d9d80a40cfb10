"""Numbers that came before, and messages that were had: millions, in little memory."""
