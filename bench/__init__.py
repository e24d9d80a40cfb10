"""How fast and how cheap it is, measured beside its peers; `make bench` runs all of it."""
