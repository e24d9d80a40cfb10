"""Which stack the command line speaks to, and what it says where AWS does not let it."""
