export const DOMAIN_ID = "default";
export const DOMAIN_NAME = "Default";

export interface Project {
  id: string;
  name: string;
  description: string;
}

export interface User {
  id: string;
  name: string;
  /** Kept in clear: these users exist in the sandbox only. */
  password: string;
  default_project_id: string;
}

export interface Role {
  id: string;
  name: string;
}

export interface RoleAssignment {
  id: string;
  user_id: string;
  project_id: string;
  role: string;
}

export interface Token {
  id: string;
  user_id: string;
  project_id?: string;
  roles: string[];
  methods: string[];
  audit_ids: string[];
  issued_at: string;
  expires_at: string;
  application_credential_id?: string;
}

export interface ApplicationCredential {
  id: string;
  name: string;
  description: string | null;
  secret: string;
  user_id: string;
  project_id: string;
  roles: string[];
  expires_at: string | null;
  unrestricted: boolean;
}
