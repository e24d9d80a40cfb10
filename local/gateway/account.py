"""The state of the stand-in: one account at the provider, which a reset replaces."""

from dataclasses import dataclass, field

from .admission import AccountKey, CallTimes, Clock, Nonces
from .catalogue import Catalogue
from .delivery import Delivery
from .faults import Faults
from .journal import Journal
from .request_log import RequestLog
from .settings import Settings


@dataclass(slots=True, kw_only=True)
class Account:
    """`advanced_seconds` is how far the clock of delivery was advanced."""

    clock: Clock
    keys: dict[str, AccountKey]
    nonces: Nonces = field(default_factory=Nonces)
    call_times: CallTimes = field(default_factory=CallTimes)
    catalogue: Catalogue = field(default_factory=Catalogue)
    settings: Settings = field(default_factory=Settings)
    delivery: Delivery = field(default_factory=Delivery)
    advanced_seconds: float = 0
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    requests: RequestLog = field(default_factory=RequestLog)


@dataclass(slots=True, kw_only=True)
class Standin:
    """Holds the current account. A call that is open at a reset finishes in the old account."""

    clock: Clock
    keys: tuple[AccountKey, ...]
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        keys = {key.access_key_id: key for key in self.keys}
        self.account = Account(clock=self.clock, keys=keys)
