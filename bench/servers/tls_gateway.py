"""The stand-in gateway over TLS, with a certificate by an authority made at its start."""

import argparse
import asyncio
import ssl
import tempfile
import time
from pathlib import Path

import trustme

from bench.servers.serving import serve
from local.gateway.account import Standin
from local.gateway.admission import AccountKey
from local.gateway.server import application


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--access-key-id", required=True)
    parser.add_argument("--access-key-secret", required=True)
    options = parser.parse_args()
    key = AccountKey(
        access_key_id=options.access_key_id, access_key_secret=options.access_key_secret
    )
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "authority.pem"
        authority.cert_pem.write_to_path(path)
        app = application(Standin(clock=time.time, keys=(key,)))
        asyncio.run(serve(app, tls=context, authority=str(path)))


if __name__ == "__main__":
    main()
