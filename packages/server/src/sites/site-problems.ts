import { Problem, type ProblemSlug } from "@uniview/api";
import { OpenStackError, ResourceFailed, SiteUnreachable, type UnreachableKind } from "@uniview/openstack";

const UNREACHABLE: Record<UnreachableKind, { slug: ProblemSlug; remedy: string }> = {
  dns: {
    slug: "site-unreachable",
    remedy: "Check the host name, and the name servers of the machine that Uniview runs on.",
  },
  refused: { slug: "site-unreachable", remedy: "Check the port, and whether the site's API runs." },
  unroutable: {
    slug: "site-unreachable",
    remedy: "Check the address, and the routes and firewalls between Uniview and the site.",
  },
  timeout: {
    slug: "site-unreachable",
    remedy: "Check the address, and the firewalls between Uniview and the site.",
  },
  reset: {
    slug: "site-unreachable",
    remedy: "Try again; if it stays so, look at the proxy or load balancer before the site's API.",
  },
  tls_expired: { slug: "site-certificate-invalid", remedy: "Let the site's operator renew the certificate." },
  tls_untrusted: {
    slug: "site-certificate-invalid",
    remedy: "Give the CA certificate that signed it (cacert in clouds.yaml).",
  },
  tls_hostname: {
    slug: "site-certificate-invalid",
    remedy: "Use the host name that the certificate is made for.",
  },
  tls_protocol: {
    slug: "site-certificate-invalid",
    remedy: "Check whether the URL should begin with http or https, and the port.",
  },
  tls_pin: {
    slug: "site-certificate-invalid",
    remedy: "Check with the site's operator that its key was renewed; if not, somebody is in between.",
  },
  not_openstack: {
    slug: "site-not-openstack",
    remedy: "Check auth_url: it is the identity service's, and often ends in :5000/v3 or /identity/v3.",
  },
  redirected: {
    slug: "site-not-openstack",
    remedy: "Use the address that it redirects to, if that is the one you mean.",
  },
  address_refused: {
    slug: "site-address-refused",
    remedy: "Use an address of the site's API that is not link-local or a metadata service's.",
  },
  no_endpoint: {
    slug: "site-refused",
    remedy: "Choose another region or interface, or ask the site's operator about its catalog.",
  },
};

/**
 * The one translation of what a site did into a problem of ours; anything else is returned as it is.
 * `site` is the site's name in Uniview, where it has one already.
 */
export function siteProblem(error: unknown, site?: string): unknown {
  if (error instanceof SiteUnreachable) {
    const { slug, remedy } = UNREACHABLE[error.kind];
    const [detail, advice] = splitAdvice(error.message);
    return new Problem(slug, detail, { remedy: advice ?? remedy, ...(site ? { site } : {}) }, error);
  }
  if (error instanceof OpenStackError) {
    const { slug, remedy } = ofStatus(error, site !== undefined);
    const extras = {
      service: error.service,
      ...(remedy ? { remedy } : {}),
      ...(site ? { site } : {}),
      ...(error.request_id ? { request_id: error.request_id } : {}),
    };
    return new Problem(slug, sentenceOf(error), extras, error);
  }
  if (error instanceof ResourceFailed) {
    return new Problem("site-refused", error.message, site ? { site } : {}, error);
  }
  return error;
}

/** The client's sentences often end with what to do, which is a remedy of ours. */
function splitAdvice(message: string): [detail: string, advice: string | undefined] {
  const at = message.search(/(?<=\.) (?:Check|Use|Choose|Name|Give|Write|Ask|Try)\b/);
  return at < 0 ? [message, undefined] : [message.slice(0, at), message.slice(at + 1)];
}

function sentenceOf(error: OpenStackError): string {
  const { service, path, status, url_host } = error;
  if (service !== "identity" || status !== 401 || !path.endsWith("/auth/tokens")) return error.message;
  return `The site at ${url_host} refuses this sign-in.`;
}

/** Nova says 403, Cinder 413 and Neutron 409 for a quota; their words tell it from the other meanings. */
const QUOTA = /quota|OverLimit/i;

function ofStatus(
  { status, reason, service }: OpenStackError,
  is_joined: boolean,
): { slug: ProblemSlug; remedy?: string } {
  if ([403, 409, 413].includes(status) && QUOTA.test(reason)) {
    return {
      slug: "quota-exceeded",
      remedy: "Free some of the project's resources there, or ask for a larger quota.",
    };
  }
  switch (status) {
    case 401:
      return {
        slug: "site-sign-in-failed",
        remedy: is_joined
          ? "The credential was changed or deleted there, or another region took its address: remove the site and add it again."
          : service === "identity"
            ? "Check the user, the password or secret, the project and the domains; if it worked before, it may have been changed or deleted."
            : "Check the site again; if it stays so, remove it and add it with a new credential.",
      };
    case 403:
      return {
        slug: "site-refused",
        remedy: "The site's policy denies this to the credential's roles: ask the site's operator.",
      };
    case 404:
      return { slug: "not-found" };
    case 409:
      return {
        slug: "conflict",
        remedy: "Wait until the site has finished what it does with it, then try again.",
      };
    case 413:
    case 429:
    case 503:
      return { slug: "site-busy", remedy: "Try again in a while." };
    default:
      return { slug: "site-refused" };
  }
}
