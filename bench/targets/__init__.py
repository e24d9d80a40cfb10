"""One module a target, named as `python -m bench --only` names it."""
