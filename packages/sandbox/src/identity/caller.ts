/** Who sends a request, as far as policies care. */
export interface Caller {
  user_id: string;
  project_id: string;
  roles: string[];
  is_admin: boolean;
}
