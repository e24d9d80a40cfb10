"""`python -m local up|demo`: the whole system on this machine, until Ctrl-C or SIGTERM."""

from local.stopping import stop_on_signal

if __name__ == "__main__":
    stop_requested = stop_on_signal()

    from local.command import main  # slow to import; a signal stops that cleanly too

    main(stop_requested)
