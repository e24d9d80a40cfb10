"""Single mutations of the modules that keep the promise, to see whether the fast tests notice."""
