"""
How fast and how cheap, beside peers: `python -m bench`.

    targets     One module a target, by the name that `--only` takes.
    references  The peers: the obvious good way, polars, the provider's own client.
    inputs      The recipient file and the queue messages that all contenders get.
    system      What is measured: our parsing, a function, the whole stack in the local AWS.
    servers     Stand-ins with a known delay.
    metering    What AWS bills for a campaign.
    harness     Rounds in fresh processes, on one core, and the results.
    page        docs/performance.md.
"""
