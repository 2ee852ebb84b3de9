import { pickCloud, readCloudsYaml } from "@uniview/api";
import type { Credentials } from "@uniview/repository";
import { findCloudsYaml, findSecureYaml, resolvePath } from "../clouds/find-clouds-yaml.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Engine } from "./open-place.ts";

/** What signs in at the storage: the environment, above it an entry of a clouds.yaml, above that a file of variables. */
export async function credentialsOf(
  engine: Engine,
  surroundings: Surroundings,
  { url, cloud, file }: { readonly url: string; readonly cloud?: string; readonly file?: string },
): Promise<Credentials> {
  const { env } = surroundings;
  const entry = cloud ?? (url.startsWith("swift:") ? env["OS_CLOUD"] : undefined);
  return {
    ...env,
    ...(entry ? await variablesOfCloud(surroundings, entry) : {}),
    ...(file ? await engine.readCredentialsFile(resolvePath(surroundings, file)) : {}),
  };
}

/** The same as the variables of an openrc. */
async function variablesOfCloud(surroundings: Surroundings, name: string): Promise<Credentials> {
  const [clouds, secure] = await Promise.all([findCloudsYaml(surroundings), findSecureYaml(surroundings)]);
  const { cloud, cacert } = pickCloud(readCloudsYaml(clouds.text, secure?.text, name), name);
  const variables: Record<string, string | undefined> = { OS_INTERFACE: cloud.interface };
  for (const [field, value] of Object.entries(cloud.auth)) variables[`OS_${field.toUpperCase()}`] = value;
  if (cloud.region_name !== undefined) variables["OS_REGION_NAME"] = cloud.region_name;
  const ca = cloud.ca_pem ?? (cacert && resolvePath(surroundings, cacert));
  if (ca) variables["OS_CACERT"] = ca;
  return variables;
}
