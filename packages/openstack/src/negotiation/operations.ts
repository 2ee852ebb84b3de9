import { BLOCK_STORAGE_OPERATIONS } from "./block-storage-operations.ts";
import { COMPUTE_OPERATIONS } from "./compute-operations.ts";
import type { Operation } from "./operation.ts";

const TABLE = { ...COMPUTE_OPERATIONS, ...BLOCK_STORAGE_OPERATIONS };

export type OperationName = keyof typeof TABLE;
export type WayOf<Name extends OperationName> = keyof (typeof TABLE)[Name]["ways"] & string;

/** Every operation whose call depends on the site's age. This is the only place that says a microversion. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = TABLE;

export const OPERATION_NAMES = Object.keys(TABLE) as readonly OperationName[];
