/** A part of a disk that may have files: a partition, a logical volume, or the disk itself. */
export interface DiskPart {
  /** `disk` for the disk itself, else as `gpt2`, `msdos1`, `lvm/vg-root`. */
  readonly name: string;
  /** As `ext*`, `xfs`, `ntfs`; null where none is known: swap, encrypted, empty. */
  readonly filesystem: string | null;
  readonly uuid: string | null;
  readonly size_bytes: number;
}

export interface FileEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Of a file; a link has that of what it names. */
  readonly size_bytes: number | null;
  readonly modified_at: string | null;
}

const KIB = 1024;
/** What grub calls the image itself, and what of its devices is not the disk's. */
const IMAGE = "loop0";
const NOT_OF_THE_DISK = new Set(["host", "proc"]);
const PART =
  /^\s*(?:Device|Partition) (\S+): (?:No known filesystem detected|Filesystem type ([^\s,]+))(.*)$/;
const ENTRY = /^(DIR|\d+|\?+) +(\d{14})? *(.*)$/;

/** How grub names a part. */
export function deviceOf(part: string): string {
  if (part === "disk") return `(${IMAGE})`;
  return /^(gpt|msdos|apple|bsd|sun|dfly)\d/.test(part) ? `(${IMAGE},${part})` : `(${part})`;
}

/** Reads what `grub-fstest IMAGE ls -- -l` says. */
export function parseParts(text: string): DiskPart[] {
  const parts: DiskPart[] = [];
  for (const line of text.split("\n")) {
    const [, device, filesystem = null, rest = ""] = PART.exec(line) ?? [];
    if (device === undefined || NOT_OF_THE_DISK.has(device)) continue;
    parts.push({
      name: device === IMAGE ? "disk" : device.replace(`${IMAGE},`, ""),
      filesystem,
      uuid: / UUID ([^\s,]+)/.exec(rest)?.[1] ?? null,
      size_bytes: Number(/Total size (\d+)KiB/.exec(rest)?.[1] ?? 0) * KIB,
    });
  }
  return parts.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

/** Reads what `grub-fstest IMAGE ls -- -l -a FOLDER/` says. A line that is none of its own belongs to a name with a line break. */
export function parseEntries(text: string): FileEntry[] {
  const found: { size: string; time: string | undefined; name: string }[] = [];
  for (const line of text.split("\n")) {
    const [, size, time, name] = ENTRY.exec(line) ?? [];
    const last = found.at(-1);
    if (size !== undefined && name !== undefined) found.push({ size, time, name });
    else if (last && line !== "") last.name += `\n${line}`;
  }
  return found
    .map(({ size, time, name }): FileEntry => {
      const folder = size === "DIR";
      return {
        name: folder ? name.replace(/\/$/, "") : name,
        kind: folder ? "folder" : "file",
        size_bytes: /^\d+$/.test(size) ? Number(size) : null,
        modified_at: time === undefined ? null : instantOf(time),
      };
    })
    .filter(({ name }) => name !== "." && name !== ".." && name !== "");
}

/** YYYYMMDDhhmmss in UTC; null for what is no instant: a name that looked like one. */
function instantOf(time: string): string | null {
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(time) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
