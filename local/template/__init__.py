"""Build tools: template.yaml as data, and what can be made of it; nothing here is local."""
