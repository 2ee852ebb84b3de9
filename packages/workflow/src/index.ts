export { migrateWorkflow } from "./migrate.ts";
export type * from "./tables.ts";
