const HEX = /^[0-9a-f]{32}$/;

/** Keystone's ids have no dashes, and clients count on that. */
export function clientUserId(user_id: string): string {
  return user_id.replaceAll("-", "");
}

/** The other way; undefined: it cannot be an id of ours. */
export function ourUserId(id: string): string | undefined {
  const hex = id.replaceAll("-", "").toLowerCase();
  return HEX.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") : undefined;
}
