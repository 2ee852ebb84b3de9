"""Writes rings of one device each: make_rings.py <swift.conf> <folder> <name>=<port> ..."""
import sys

from swift.common import utils

utils.SWIFT_CONF_FILE = sys.argv[1]

from swift.common.ring import RingBuilder  # noqa: E402 - it reads that file

for name, port in (word.split("=") for word in sys.argv[3:]):
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev(
        {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "disk", "weight": 1}
    )
    builder.rebalance()
    builder.get_ring().save(f"{sys.argv[2]}/{name}.ring.gz")
