"""A deterministic simulation of the whole flow: the real use cases, with every fault at hand."""
