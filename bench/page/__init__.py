"""The page that the results are written to, `docs/performance.md`."""
