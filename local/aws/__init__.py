"""The local AWS: a ministack server in a child process, clients for it, and deployment to it."""
