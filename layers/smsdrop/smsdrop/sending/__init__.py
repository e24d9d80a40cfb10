"""Released plan -> queue; queued batch -> one call, recorded or settled."""
