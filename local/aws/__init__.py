"""The local AWS: a ministack server as a child process, clients for it, and deployment into it."""
