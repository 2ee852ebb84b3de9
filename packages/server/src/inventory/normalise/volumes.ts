import type { Volume } from "@uniview/api";
import { instant, integer, objects, text, textMap, truth } from "./body.ts";
import type { FactsOf, Normalise } from "./normalised.ts";
import { searchText } from "./search-text.ts";

/** A volume of `GET /volumes/detail`, version 3.0 and up. The servers' names are joined when it is shown. */
export const normaliseVolume: Normalise<FactsOf<Volume>> = (body) => {
  const id = text(body, "id");
  if (id === null) return undefined;
  const name = text(body, "name") ?? id;
  const status = text(body, "status");
  const facts = {
    size_gb: integer(body, "size") ?? 0,
    volume_type: text(body, "volume_type"),
    bootable: truth(body, "bootable"),
    encrypted: truth(body, "encrypted"),
    attached_to: objects(body, "attachments").flatMap((one) => {
      const server_id = text(one, "server_id");
      return server_id === null ? [] : { server_id, server_name: null, device: text(one, "device") };
    }),
  };
  return {
    id,
    name,
    status,
    created_at: instant(body, "created_at"),
    updated_at: instant(body, "updated_at"),
    search: searchText({}, [
      name,
      id,
      status,
      facts.volume_type,
      text(body, "description"),
      text(body, "availability_zone"),
      ...facts.attached_to.map(({ server_id }) => server_id),
      ...Object.entries(textMap(body, "metadata")).map(([key, value]) => `${key}=${value}`),
    ]),
    facts,
    shared_id: null,
    raw: body,
  };
};
