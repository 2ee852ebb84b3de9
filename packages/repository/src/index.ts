/** The deduplicating store of disks. docs/repository-format.md is its format; operations are functions of a tenant's vault. */
export type { HashName } from "./chunk/chunk-hash.ts";
export { ChunkMissing, Damaged } from "./damage.ts";
export { type DiskFiles, openDiskFiles, type Restored } from "./files/disk-files.ts";
export type { LendOptions } from "./files/lend-image.ts";
export type { DiskPart, FileEntry } from "./files/listing.ts";
export { ToolFailed } from "./files/run-tool.ts";
export {
  type CollectOptions,
  type CollectReport,
  collectGarbage,
} from "./operation/collect-garbage.ts";
export { copyPoints } from "./operation/copy-points.ts";
export { type DiskSource, type Extent, openRawDisk } from "./operation/disk-source.ts";
export { fileExtents } from "./operation/disk-source-extents.ts";
export { openPointDisk, type PointDisk } from "./operation/disk-source-point.ts";
export { exportQcow2 } from "./operation/export-qcow2.ts";
export { Qcow2Layout } from "./operation/export-qcow2-layout.ts";
export { exportRaw } from "./operation/export-raw.ts";
export { measureVault, type VaultFigures } from "./operation/measure.ts";
export { type CollectPlan, planCollection } from "./operation/plan-collection.ts";
export { type DiskTarget, diskOf, type ReadOptions, readDisk } from "./operation/read-disk.ts";
export { type RebuildReport, rebuildIndexes } from "./operation/rebuild-indexes.ts";
export { applyRetention, forgetPoints, type Retention } from "./operation/retention.ts";
export { type Problem, type VerifyOptions, type VerifyReport, verify } from "./operation/verify.ts";
export type { DiskProgress } from "./operation/write-disk.ts";
export { type DiskToWrite, type PointToWrite, writePoint } from "./operation/write-point.ts";
export {
  type DiskManifest,
  getPoint,
  listPointIds,
  listPoints,
  type RecoveryPoint,
} from "./point/recovery-point.ts";
export { initRepository, type OpenOptions, openRepository, type Repository } from "./repository.ts";
export {
  createRepositoryKey,
  formatKeyFile,
  parseKeyFile,
  type RepositoryKey,
} from "./seal/repository-key.ts";
export { WrongRepositoryKey } from "./seal/tenant-keys.ts";
export { SessionFenced } from "./session/fence.ts";
export type { StoredFigures } from "./session/packer.ts";
export { type Credentials, readCredentialsFile } from "./storage/credentials.ts";
export { localFolder } from "./storage/local-folder.ts";
export { memory } from "./storage/memory.ts";
export { type OpenStorageOptions, openStorage } from "./storage/open-storage.ts";
export { overlay } from "./storage/overlay.ts";
export { readOnly } from "./storage/read-only.ts";
export { type Patience, retrying } from "./storage/retrying.ts";
export { ObjectMissing, type Range, type Storage, type StoredObject } from "./storage/storage.ts";
export { StorageRefused } from "./storage/storage-refused.ts";
export { StorageUnavailable } from "./storage/storage-unavailable.ts";
export { throttled } from "./storage/throttled.ts";
export { engineEnvironment } from "./thread/engine-environment.ts";
export type { Vault } from "./vault.ts";
