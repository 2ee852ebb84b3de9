/** Version documents as services sent them; shortened, with the hosts replaced. */
const INTERNAL = "http://internal.example:8774";

export const NOVA_ROOT = {
  versions: [
    {
      id: "v2.0",
      status: "SUPPORTED",
      version: "",
      min_version: "",
      updated: "2011-01-21T11:33:21Z",
      links: [{ rel: "self", href: `${INTERNAL}/v2/` }],
    },
    {
      id: "v2.1",
      status: "CURRENT",
      version: "2.93",
      min_version: "2.1",
      updated: "2013-07-23T11:33:21Z",
      links: [{ rel: "self", href: `${INTERNAL}/v2.1/` }],
    },
  ],
};

export const NOVA_VERSIONED = { version: NOVA_ROOT.versions[1] };

export const CINDER_ROOT = {
  versions: [
    { id: "v2.0", status: "DEPRECATED", version: "", min_version: "", links: [] },
    { id: "v3.0", status: "CURRENT", version: "3.62", min_version: "3.0", links: [] },
  ],
};

export const GLANCE_ROOT = {
  versions: [
    { id: "v2.15", status: "CURRENT", links: [{ rel: "self", href: "http://internal.example:9292/v2/" }] },
    { id: "v2.9", status: "SUPPORTED", links: [] },
    { id: "v2.0", status: "SUPPORTED", links: [] },
  ],
};

export const NEUTRON_ROOT = { versions: [{ id: "v2.0", status: "CURRENT", links: [] }] };

export const KEYSTONE_ROOT = {
  versions: { values: [{ id: "v3.14", status: "stable", updated: "2020-04-07T00:00:00Z", links: [] }] },
};

export const KEYSTONE_VERSIONED = { version: KEYSTONE_ROOT.versions.values[0] };

export const PLACEMENT_ROOT = {
  versions: [
    {
      id: "v1.0",
      max_version: "1.39",
      min_version: "1.0",
      status: "CURRENT",
      links: [{ rel: "self", href: "" }],
    },
  ],
};
