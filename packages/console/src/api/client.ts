import { createClient } from "@uniview/api/client";

export { endpoints } from "@uniview/api/contract";

/** The page's own origin answers, and the session cookie signs in. */
export const client = createClient({ base_url: "" });
export const call = client.call;
