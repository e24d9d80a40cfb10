"""The peers: the obvious good way to do the same work, each in a module of its own."""
