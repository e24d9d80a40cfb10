"""What keeps a message from being sent again when a person drops its file again."""
