"""`python -m bench`: measure everything beside its peers, and write docs/performance.md."""

from bench.command import main

if __name__ == "__main__":
    main()
