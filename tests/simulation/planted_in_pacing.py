"""Bugs to plant into `Pace`: the real one with one decision made wrongly."""

from smsdrop.sending.rate_limit import Pace


class DoesNotWait(Pace):
    """Lets every call begin, and leave, at once."""

    def wait(self, *, until: float) -> bool:
        return self.clock() < until

    def keep_apart(self, *, until: float) -> bool:
        return self.clock() <= until


class WaitsBeforehandAlone(Pace):
    """Believes that calls leave as far apart as their moments were."""

    def keep_apart(self, *, until: float) -> bool:
        return self.clock() <= until


class ForgetsTheInvocationBefore(Pace):
    """Begins an invocation as if no other sandbox had called just now."""

    def begin(self) -> None:
        pass
