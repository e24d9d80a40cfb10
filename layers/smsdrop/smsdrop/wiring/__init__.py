"""Environment -> the adapters and use cases of one function."""
