"""
Mutations that no fast test used to notice; a test was then written for each.

A module, a text that occurs in it once, and its replacement.
"""

KNOWN: tuple[tuple[str, str, str], ...] = (
    ("sending/send_batch.py", "self.clock() >= self._last_moment(delivery.deadline)", "False"),
    ("sending/send_batch.py", "not may_call or self.clock() > claim.call_before", "not may_call"),
    (
        "sending/send_batch.py",
        "not may_call or self.clock() > claim.call_before",
        "self.clock() > claim.call_before",
    ),
    (
        "sending/send_batch.py",
        "0 if is_key_new else delivery.receive_count",
        "delivery.receive_count",
    ),
    (
        "sending/send_batch.py",
        """\
        if meaning in HALTING:  # before the record, or the campaign might be closed without it
            self.recording.halt(campaign, answer.code)
        entry = self.recording.record(claim, answer, state, listed, into_singles=into_singles)
""",
        """\
        entry = self.recording.record(claim, answer, state, listed, into_singles=into_singles)
        if meaning in HALTING:
            self.recording.halt(campaign, answer.code)
""",
    ),
    (
        "sending/send_batch.py",
        "self.rate.adapt(throttled=answer.meaning is Meaning.DEFERRED)",
        "pass",
    ),
    (
        "sending/settling.py",
        "self.keys.refresh()  # this one may have been rotated away",
        "pass",
    ),
    ("sending/settling.py", "if entry.accepted:", "if False:"),
    ("sending/settling.py", "if batch.is_international:", "if False:"),
    ("sending/lookups.py", "beijing_date(now + CLOCK_SECONDS)", "beijing_date(now)"),
    ("sending/settling.py", "and self.clock() < deadline", ""),
    ("sending/settling.py", "lookup=self._patient(deadline)", "lookup=self.lookup"),
    (
        "sending/queue_plan.py",
        "campaign.status is Status.SENDING\n            and not campaign.halt_code",
        "not campaign.halt_code",
    ),
    (
        "sending/deferral.py",
        "min(LONGEST_DELAY_SECONDS, 2 ** min(receive_count, 12), in_trouble)",
        "min(2 ** min(receive_count, 12), in_trouble)",
    ),
    ("ledger/batch_entry.py", "timing.call_seconds + CLOCK_SECONDS", "timing.call_seconds"),
    ("ledger/codes.py", "180 * 24 * 3600", "1 * 24 * 3600"),
    ("ledger/splits.py", "while position < position_of", "if position < position_of"),
    (
        "aws/dynamodb.py",
        'ConsistentRead=True,\n            KeyConditionExpression="campaign_id = :id AND begins',
        'ConsistentRead=False,\n            KeyConditionExpression="campaign_id = :id AND begins',
    ),
    ("aws/dynamodb.py", "Key=key_item(key), ConsistentRead=True", "Key=key_item(key)"),
    ("aws/dynamodb.py", "if stands != item:", "if True:"),
    ("aws/dynamodb.py", "campaign is not None and campaign.is_open", "campaign is not None"),
    (
        "closing/repair.py",
        "entry.state is State.SENDING and self.clock() > entry.settle_after",
        "entry.state is State.SENDING",
    ),
    ("closing/repair.py", "is_paused or not campaign.queued", "not campaign.queued"),
    ("closing/repair.py", "if now < campaign.drained_by:", "if False:"),
    ("closing/verify.py", "if gives_up or None not in listed:", "if True:"),
    (
        "closing/close.py",
        "self.clock() < campaign.reopened_at + LONGEST_INVOCATION_SECONDS",
        "False",
    ),
    (
        "closing/close.py",
        "stands if stands.is_to_be_reported else stands.reopened()",
        "stands",
    ),
    (
        "closing/close.py",
        "for entry in with_parents_evidence(self.ledger.entries(campaign.campaign_id)):",
        "for entry in self.ledger.entries(campaign.campaign_id):",
    ),
    (
        "closing/stuck.py",
        "not campaign.is_open or campaign.alerted_at + REPEAT_SECONDS > now",
        "False",
    ),
    ("closing/row_outcomes.py", "4 * MAX_OPEN_BATCHES", "MAX_OPEN_BATCHES // 8"),
    ("closing/row_outcomes.py", "len(self._near) > 4 * MAX_OPEN_BATCHES", "False"),
    ("closing/repair.py", "min(campaign.queued, campaign.released)", "campaign.queued"),
    ("parsing/repeats/repeated_files.py", "int(self.clock()) + KEPT_SECONDS", "int(self.clock())"),
    ("parsing/repeats/repeated_files.py", "stands.revision + 1", "stands.revision"),
    ("aws/functions/event_source.py", "is_off if on else is_on", "True"),
    (
        "parsing/plan_builder.py",
        "len(verdicts.domestic) + len(verdicts.international)",
        "len(verdicts.domestic)",
    ),
    (
        "closing/results/fates.py",
        "entry.state in UNSENT and not entry.may_have_texted",
        "entry.state in UNSENT",
    ),
    (
        "operations/pausing.py",
        "update(self.ledger, before, partial(self._resumed, at=at))",
        "self.ledger.write(before, self._resumed(before, at=at))",
    ),
    ("operations/pausing.py", "pause.paused and not pause.notified and", "pause.paused and"),
    ("operations/pausing.py", "self.switch.turn(on=True)", "pass"),
    (
        "parsing/repeats/repeated_files.py",
        "update(self.ledger, self.ledger.write(None, mine), taken_over)",
        "taken_over(self.ledger.write(None, mine))",
    ),
    (
        "alibaba/client.py",
        "return 2 * self.connect_seconds + self.answer_seconds",
        "return self.answer_seconds",
    ),
)
