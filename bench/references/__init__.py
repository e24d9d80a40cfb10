"""The peers: the obvious good way, polars, and the provider's own client."""
