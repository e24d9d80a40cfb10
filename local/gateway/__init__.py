"""A strict stand-in for Alibaba Cloud's SMS API, for tests, demos and benchmarks: see README.md."""
