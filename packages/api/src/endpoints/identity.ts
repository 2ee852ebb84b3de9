import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import {
  ApiToken,
  CreatedToken,
  CreateGrant,
  CreateToken,
  CreateUser,
  Grant,
  Session,
  Setup,
  SignIn,
  Status,
  User,
} from "../schemas/identity.ts";
import { pageOf, SiteName, Uuid } from "../schemas/terms.ts";

const tag = "identity";
const ById = z.object({ id: Uuid });
const ByName = z.object({ name: SiteName });

export const getStatus = endpoint({
  id: "getStatus",
  method: "GET",
  path: "/status",
  tag,
  access: "none",
  status: 200,
  summary: "Whether Uniview is up, and whether it has an administrator yet",
  response: Status,
});
export const setUp = endpoint({
  id: "setUp",
  method: "POST",
  path: "/setup",
  tag,
  access: "none",
  status: 201,
  summary: "Create the first administrator with the token of the one-time link, and sign in",
  body: Setup,
  response: Session,
});
export const signIn = endpoint({
  id: "signIn",
  method: "POST",
  path: "/session",
  tag,
  access: "none",
  status: 201,
  summary: "Sign in: the answer sets the session cookie",
  body: SignIn,
  response: Session,
});
export const getSession = endpoint({
  id: "getSession",
  method: "GET",
  path: "/session",
  tag,
  access: "user",
  status: 200,
  summary: "Who is signed in",
  response: Session,
});
export const signOut = endpoint({
  id: "signOut",
  method: "DELETE",
  path: "/session",
  tag,
  access: "user",
  status: 204,
  summary: "Sign out",
});
export const listTokens = endpoint({
  id: "listTokens",
  method: "GET",
  path: "/tokens",
  tag,
  access: "user",
  status: 200,
  summary: "My API tokens",
  response: pageOf(ApiToken),
});
export const createToken = endpoint({
  id: "createToken",
  method: "POST",
  path: "/tokens",
  tag,
  access: "user",
  status: 201,
  idempotent_by_key: true,
  summary: "Make an API token for the CLI or a script",
  body: CreateToken,
  response: CreatedToken,
});
export const deleteToken = endpoint({
  id: "deleteToken",
  method: "DELETE",
  path: "/tokens/{id}",
  tag,
  access: "user",
  status: 204,
  summary: "Revoke an API token",
  params: ById,
});
export const listUsers = endpoint({
  id: "listUsers",
  method: "GET",
  path: "/users",
  tag,
  access: "administrator",
  status: 200,
  summary: "All users",
  response: pageOf(User),
});
export const createUser = endpoint({
  id: "createUser",
  method: "POST",
  path: "/users",
  tag,
  access: "administrator",
  status: 201,
  idempotent_by_key: true,
  summary: "Create a user",
  body: CreateUser,
  response: User,
});
export const deleteUser = endpoint({
  id: "deleteUser",
  method: "DELETE",
  path: "/users/{id}",
  tag,
  access: "administrator",
  status: 204,
  summary: "Delete a user, their sessions and tokens",
  params: ById,
});
export const listGrants = endpoint({
  id: "listGrants",
  method: "GET",
  path: "/sites/{name}/grants",
  tag,
  access: "administrator",
  status: 200,
  summary: "Who may use which project of a site",
  params: ByName,
  response: pageOf(Grant),
});
export const createGrant = endpoint({
  id: "createGrant",
  method: "POST",
  path: "/sites/{name}/grants",
  tag,
  access: "administrator",
  status: 201,
  idempotent_by_key: true,
  summary: "Let a user use a project of a site",
  params: ByName,
  body: CreateGrant,
  response: Grant,
});
export const deleteGrant = endpoint({
  id: "deleteGrant",
  method: "DELETE",
  path: "/sites/{name}/grants/{id}",
  tag,
  access: "administrator",
  status: 204,
  summary: "Take a grant back",
  params: ByName.extend({ id: Uuid }),
});
