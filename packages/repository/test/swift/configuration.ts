import { userInfo } from "node:os";
import { join } from "node:path";

export interface Ports {
  readonly proxy: number;
  readonly account: number;
  readonly container: number;
  readonly object: number;
  readonly memcached: number;
}

/** Small enough that tests with a few dozen objects see several pages. */
const PAGE_SIZE = 20;
/** S3's gate asks for one more than it gives, to know whether there is more. */
const SWIFT_PAGE_SIZE = PAGE_SIZE + 1;

/** Swift's files for one proxy and one disk, by their names in the folder. */
export function configurationOf(folder: string, ports: Ports): Readonly<Record<string, string>> {
  const defaults = (port: number) => `
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
user = ${userInfo().username}
workers = 0
log_level = WARNING
`;
  const storage = (kind: string, port: number, more = "") => `${defaults(port)}
devices = ${join(folder, "devices")}
mount_check = false
fallocate_reserve = 0
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
${more}`;
  return {
    "swift.conf": `
[swift-hash]
swift_hash_path_suffix = test
[storage-policy:0]
name = one
default = yes
[swift-constraints]
container_listing_limit = ${SWIFT_PAGE_SIZE}
`,
    "account-server.conf": storage("account", ports.account),
    "container-server.conf": storage("container", ports.container, "allow_versions = true"),
    "object-server.conf": storage("object", ports.object),
    "proxy-server.conf": `${defaults(ports.proxy)}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache s3api tempauth copy slo dlo versioned_writes proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${ports.memcached}
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_bucket_listing = ${PAGE_SIZE}
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
user_test_stranger = passing
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
`,
  };
}
