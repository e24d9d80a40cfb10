"""Build tools that read template.yaml or what was built from it; they need no local AWS."""
