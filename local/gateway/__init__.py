"""A strict stand-in for Alibaba Cloud's SMS gateway, on loopback: for tests, demos, benchmarks."""
