"""How things are measured: rounds in fresh processes, on one core, and what comes out."""
