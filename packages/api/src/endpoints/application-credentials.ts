import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import {
  ApplicationCredential,
  CreateApplicationCredential,
  CreatedApplicationCredential,
} from "../schemas/application-credentials.ts";
import { pageOf } from "../schemas/terms.ts";

const tag = "application credentials";

export const listApplicationCredentials = endpoint({
  id: "listApplicationCredentials",
  method: "GET",
  path: "/application-credentials",
  tag,
  access: "user",
  status: 200,
  summary: "My application credentials: what OpenStack clients sign in with at the gateway",
  response: pageOf(ApplicationCredential),
});
export const createApplicationCredential = endpoint({
  id: "createApplicationCredential",
  method: "POST",
  path: "/application-credentials",
  tag,
  access: "user",
  status: 201,
  idempotent_by_key: true,
  summary: "Make an application credential for a project; it is good at all of its sites",
  body: CreateApplicationCredential,
  response: CreatedApplicationCredential,
});
export const deleteApplicationCredential = endpoint({
  id: "deleteApplicationCredential",
  method: "DELETE",
  path: "/application-credentials/{id}",
  tag,
  access: "user",
  status: 204,
  summary: "Revoke an application credential and every token that was got with it",
  params: z.object({ id: z.string().max(64) }),
});
