import type { SandboxOptions } from "./options.ts";

/**
 * What sets one release apart from another as seen from outside: API maxima, and how its operators laid out the URLs.
 * A new release is a row here; behaviour asks for a microversion, never for a release's name.
 *
 * @see nova, cinder and placement `rest_api_version_history`, glance `api/versions.py`, keystone `version.py`
 */
export interface Release {
  compute_max: string;
  volume_max: string;
  placement_max: string;
  /** Newest minor version that `GET /` of the image service lists. */
  image_max_minor: number;
  identity: string;
  identity_updated: string;
  volume_updated: string;
  layout: Layout;
}

/** Where services live below the site's one listener, and what the catalog says about them. */
export interface Layout {
  identity: string;
  compute: string;
  volume: string;
  image: string;
  network: string;
  placement: string;
  /** Catalog URLs below the prefixes; `%(project_id)s` as in Keystone's endpoint templates. */
  compute_endpoint: string;
  volume_endpoint: string;
  volume_type: "volumev3" | "block-storage";
  network_endpoint: string;
}

/** As in DevStack and Kolla behind one proxy: every service below a prefix of its type. */
const PREFIXED: Layout = {
  identity: "/identity",
  compute: "/compute",
  volume: "/volume",
  image: "/image",
  network: "/networking",
  placement: "/placement",
  compute_endpoint: "/v2.1",
  volume_endpoint: "/v3/%(project_id)s",
  volume_type: "volumev3",
  network_endpoint: "",
};

/** As older installers left it: the project in the compute URL as well. */
const WITH_PROJECT: Layout = { ...PREFIXED, compute_endpoint: "/v2.1/%(project_id)s" };

/** Code names as roots, a volume endpoint without project and with the official type, a versioned network endpoint. */
const CODE_NAMED: Layout = {
  identity: "/keystone",
  compute: "/nova",
  volume: "/cinder",
  image: "/glance",
  network: "/neutron",
  placement: "/placement",
  compute_endpoint: "/v2.1",
  volume_endpoint: "/v3",
  volume_type: "block-storage",
  network_endpoint: "/v2.0",
};

/** As the service types authority wants it: official types, no project anywhere, every URL versioned. */
const OFFICIAL: Layout = {
  ...PREFIXED,
  volume: "/block-storage",
  network: "/network",
  volume_endpoint: "/v3",
  volume_type: "block-storage",
  network_endpoint: "/v2.0",
};

export const RELEASES = {
  queens: {
    compute_max: "2.60",
    volume_max: "3.50",
    placement_max: "1.17",
    image_max_minor: 6,
    identity: "v3.10",
    identity_updated: "2018-02-28T00:00:00Z",
    volume_updated: "2017-02-25T12:00:00Z",
    layout: WITH_PROJECT,
  },
  train: {
    compute_max: "2.79",
    volume_max: "3.59",
    placement_max: "1.36",
    image_max_minor: 9,
    identity: "v3.13",
    identity_updated: "2019-07-19T00:00:00Z",
    volume_updated: "2018-07-17T00:00:00Z",
    layout: PREFIXED,
  },
  victoria: {
    compute_max: "2.87",
    volume_max: "3.62",
    placement_max: "1.36",
    image_max_minor: 11,
    identity: "v3.14",
    identity_updated: "2020-04-07T00:00:00Z",
    volume_updated: "2020-09-09T00:00:00Z",
    layout: WITH_PROJECT,
  },
  zed: {
    compute_max: "2.93",
    volume_max: "3.70",
    placement_max: "1.39",
    image_max_minor: 15,
    identity: "v3.14",
    identity_updated: "2020-04-07T00:00:00Z",
    volume_updated: "2022-08-31T00:00:00Z",
    layout: PREFIXED,
  },
  "2025.1": {
    compute_max: "2.100",
    volume_max: "3.71",
    placement_max: "1.39",
    image_max_minor: 17,
    identity: "v3.14",
    identity_updated: "2020-04-07T00:00:00Z",
    volume_updated: "2023-08-31T00:00:00Z",
    layout: CODE_NAMED,
  },
  "2026.1": {
    compute_max: "2.103",
    volume_max: "3.71",
    placement_max: "1.39",
    image_max_minor: 18,
    identity: "v3.14",
    identity_updated: "2020-04-07T00:00:00Z",
    volume_updated: "2023-08-31T00:00:00Z",
    layout: OFFICIAL,
  },
} as const satisfies Record<string, Release>;

export type ReleaseName = keyof typeof RELEASES;

/** The release that a site of these shows: each service may be of one of its own. */
export function releaseOf(options: Pick<SandboxOptions, "release" | "services" | "layout_of">): Release {
  const of = (service: keyof NonNullable<SandboxOptions["services"]>): Release =>
    RELEASES[options.services?.[service] ?? options.release];
  const { identity, identity_updated } = of("identity");
  const { volume_max, volume_updated } = of("block-storage");
  return {
    identity,
    identity_updated,
    compute_max: of("compute").compute_max,
    volume_max,
    volume_updated,
    image_max_minor: of("image").image_max_minor,
    placement_max: of("placement").placement_max,
    layout: RELEASES[options.layout_of ?? options.release].layout,
  };
}

export function isReleaseName(name: string): name is ReleaseName {
  return Object.hasOwn(RELEASES, name);
}
