import { statfsSync } from "node:fs";

/** File systems in this machine's memory or on its own disks, as statfs(2) numbers them. */
const NEAR: ReadonlySet<number> = new Set([
  0xef53, // ext2, 3, 4
  0x5846_5342, // XFS
  0x9123_683e, // Btrfs
  0x0102_1994, // tmpfs
  0x2fc1_2fc1, // ZFS
  0x794c_7630, // overlayfs
]);

/**
 * Whether files at a path come and go without a network between: then a thread that works on a chunk reads and writes it by
 * itself. Elsewhere each call would keep it waiting, where calls from outside the threads overlap.
 */
export function isNear(path: string): boolean {
  try {
    return NEAR.has(statfsSync(path).type);
  } catch {
    return false;
  }
}
