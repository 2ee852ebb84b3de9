"""Runs one of Swift's servers: serve.py <swift.conf> <server's conf> <its section>."""
import sys

from swift.common import utils

# Swift knows this file by one name, in a folder that tests neither may nor should write to.
utils.SWIFT_CONF_FILE = sys.argv[1]

from swift.common.wsgi import run_wsgi  # noqa: E402 - it reads that file

sys.exit(run_wsgi(sys.argv[2], sys.argv[3], verbose=True))
