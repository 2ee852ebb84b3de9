import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program of Debian that tests use: they run against what users have, not against a copy of ours. */
interface DebianPackage {
  readonly name: string;
  /** What tests start or import; the package is there when this is. */
  readonly file: string;
  readonly needed_by: string;
}

/** Add yours here. */
const PACKAGES: readonly DebianPackage[] = [
  { name: "qemu-utils", file: "/usr/bin/qemu-nbd", needed_by: "the tests of qcow2 files" },
  { name: "grub-common", file: "/usr/bin/grub-fstest", needed_by: "the tests of files out of disks" },
  { name: "libnbd-bin", file: "/usr/bin/nbdfuse", needed_by: "the tests of files out of disks" },
  { name: "fuse3", file: "/usr/bin/fusermount3", needed_by: "the tests of files out of disks" },
  { name: "xfsprogs", file: "/usr/sbin/mkfs.xfs", needed_by: "the tests of files out of disks" },
  { name: "ntfs-3g", file: "/usr/sbin/mkfs.ntfs", needed_by: "the tests of files out of disks" },
  { name: "e2fsprogs", file: "/usr/sbin/mkfs.ext4", needed_by: "the tests of files out of disks" },
  { name: "fdisk", file: "/usr/sbin/sfdisk", needed_by: "the tests of files out of disks" },
  {
    name: "chromium",
    file: process.env["UNIVIEW_CHROMIUM"] ?? "/usr/bin/chromium",
    needed_by: "the browser tests",
  },
  {
    name: "python3-openstackclient",
    file: "/usr/bin/openstack",
    needed_by: "the tests of the gateway with the OpenStack command line",
  },
];

/** Installs what tests need and what is not there, where we may; otherwise ends with what to install. */
export function ensureDebianPackages(): void {
  const missing = PACKAGES.filter(({ file }) => !existsSync(file));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    for (const { name, file, needed_by } of missing) {
      console.error(`${name} is missing (${file}): ${needed_by} need it.`);
    }
    console.error(`Install it (Debian: apt-get install ${names.join(" ")}).`);
    process.exit(1);
  }
  console.error(`Installing from Debian, once: ${names.join(", ")} …`);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...names]]) {
    const { status, stderr } = spawnSync("apt-get", args, {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (status !== 0) {
      console.error(`apt-get ${args[0]} failed:\n${stderr}`);
      process.exit(1);
    }
  }
}
