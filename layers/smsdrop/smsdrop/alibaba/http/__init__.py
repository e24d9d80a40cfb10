"""HTTP that proves what never left, and whose whole answer comes in time."""
