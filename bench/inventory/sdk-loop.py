"""The peer: what people write with openstacksdk to see every server of several clouds.

usage: sdk-loop.py AUTH_URL...
Prints one line of JSON: servers read, seconds of wall clock and of CPU, without the start of Python itself.
"""

import json
import resource
import sys
import time

import openstack


def cpu_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


cpu_before, wall_before = cpu_s(), time.monotonic()
count = 0
for auth_url in sys.argv[1:]:
    connection = openstack.connection.Connection(
        auth=dict(
            auth_url=auth_url,
            username="bench",
            password="bench",
            project_name="bench",
            user_domain_id="default",
            project_domain_id="default",
        ),
        region_name="r",
        app_name="uniview-bench",
        app_version="1",
    )
    for server in connection.compute.servers(details=True, limit=1000):
        assert server.id and server.name and server.status
        count += 1
print(json.dumps(dict(servers=count, wall_s=time.monotonic() - wall_before, cpu_s=cpu_s() - cpu_before)))
