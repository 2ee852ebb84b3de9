import { endpoint } from "../endpoint.ts";
import { AuditCheck, AuditCheckQuery, AuditQuery, AuditRow } from "../schemas/audit.ts";
import { pageOf } from "../schemas/terms.ts";

const tag = "audit";

export const listAudit = endpoint({
  id: "listAudit",
  method: "GET",
  path: "/audit",
  tag,
  access: "user",
  status: 200,
  summary: "Who changed what, the newest first: my own changes, or everybody's for an administrator",
  query: AuditQuery,
  response: pageOf(AuditRow),
});
export const verifyAudit = endpoint({
  id: "verifyAudit",
  method: "GET",
  path: "/audit/check",
  tag,
  access: "administrator",
  status: 200,
  summary: "Work out every hash of the audit log anew: whether a row was changed, removed or put in",
  query: AuditCheckQuery,
  response: AuditCheck,
});
