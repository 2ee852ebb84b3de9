create table access_rules (
  id text not null default replace((gen_random_uuid())::text, '-'::text, ''::text),
  method text not null,
  path text not null,
  service text not null,
  user_id uuid not null,
  constraint access_rules_pkey PRIMARY KEY (id),
  constraint access_rules_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint access_rules_user_id_service_method_path_key UNIQUE (user_id, service, method, path)
);

create table api_tokens (
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  id uuid not null default gen_random_uuid(),
  last_used_at timestamp with time zone,
  name text not null,
  token_hash bytea not null,
  user_id uuid not null,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_token_hash_key UNIQUE (token_hash),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX api_tokens_name ON public.api_tokens USING btree (user_id, name);

create table application_credential_rules (
  access_rule_id text not null,
  application_credential_id text not null,
  constraint application_credential_rules_access_rule_id_fkey FOREIGN KEY (access_rule_id) REFERENCES access_rules(id),
  constraint application_credential_rules_application_credential_id_fkey FOREIGN KEY (application_credential_id) REFERENCES application_credentials(id) ON DELETE CASCADE,
  constraint application_credential_rules_pkey PRIMARY KEY (application_credential_id, access_rule_id)
);
CREATE INDEX application_credential_rules_rule ON public.application_credential_rules USING btree (access_rule_id);

create table application_credentials (
  broker boolean not null default false,
  created_at timestamp with time zone not null default now(),
  description text,
  expires_at timestamp with time zone,
  id text not null default replace((gen_random_uuid())::text, '-'::text, ''::text),
  last_used_at timestamp with time zone,
  name text not null,
  project_id text not null,
  roles jsonb not null,
  secret_hash text not null,
  unrestricted boolean not null default false,
  user_id uuid not null,
  constraint application_credentials_pkey PRIMARY KEY (id),
  constraint application_credentials_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint application_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint application_credentials_user_id_name_key UNIQUE (user_id, name)
);

create table audit_log (
  action text not null,
  actor_id uuid,
  actor_name text not null,
  at timestamp with time zone not null,
  credential_id text,
  hash bytea not null,
  object text not null,
  outcome text not null,
  previous_hash bytea not null,
  request_id text not null,
  seq bigint not null,
  site text,
  constraint audit_log_pkey PRIMARY KEY (seq)
);
CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, seq);
CREATE TRIGGER audit_log_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log();

create table auth_receipts (
  expires_at timestamp with time zone not null,
  issued_at timestamp with time zone not null default now(),
  methods jsonb not null,
  receipt_hash bytea not null,
  user_id uuid not null,
  constraint auth_receipts_pkey PRIMARY KEY (receipt_hash),
  constraint auth_receipts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table capabilities (
  capability text not null,
  checked_at timestamp with time zone not null,
  detail text,
  evidence jsonb,
  how text not null,
  since timestamp with time zone not null,
  site_project_id uuid not null,
  state text not null,
  constraint capabilities_pkey PRIMARY KEY (site_project_id, capability),
  constraint capabilities_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);

create table capability_changes (
  capability text not null,
  changed_at timestamp with time zone not null,
  from_state text not null,
  id bigint not null,
  site_project_id uuid not null,
  to_state text not null,
  constraint capability_changes_pkey PRIMARY KEY (id),
  constraint capability_changes_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);
CREATE INDEX capability_changes_newest ON public.capability_changes USING btree (site_project_id, id DESC);

create table capability_probes (
  claimed_until timestamp with time zone not null,
  probed_at timestamp with time zone,
  problems jsonb not null default '[]'::jsonb,
  site_project_id uuid not null,
  took_ms integer,
  versions text,
  constraint capability_probes_pkey PRIMARY KEY (site_project_id),
  constraint capability_probes_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);

create table gateway_tokens (
  application_credential_id text,
  audit_ids jsonb not null,
  expires_at timestamp with time zone not null,
  id uuid not null default gen_random_uuid(),
  issued_at timestamp with time zone not null default now(),
  methods jsonb not null,
  project_id text,
  scope text not null,
  token_hash bytea not null,
  user_id uuid not null,
  constraint gateway_tokens_application_credential_id_fkey FOREIGN KEY (application_credential_id) REFERENCES application_credentials(id) ON DELETE CASCADE,
  constraint gateway_tokens_check CHECK (((scope = 'project'::text) = (project_id IS NOT NULL))),
  constraint gateway_tokens_pkey PRIMARY KEY (id),
  constraint gateway_tokens_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint gateway_tokens_scope_check CHECK ((scope = ANY (ARRAY['unscoped'::text, 'project'::text, 'domain'::text]))),
  constraint gateway_tokens_token_hash_key UNIQUE (token_hash),
  constraint gateway_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX gateway_tokens_expiry ON public.gateway_tokens USING btree (expires_at);
CREATE INDEX gateway_tokens_user ON public.gateway_tokens USING btree (user_id);

create table grants (
  created_at timestamp with time zone not null default now(),
  id uuid not null default gen_random_uuid(),
  site_project_id uuid not null,
  user_id uuid not null,
  constraint grants_pkey PRIMARY KEY (id),
  constraint grants_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE,
  constraint grants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint grants_user_id_site_project_id_key UNIQUE (user_id, site_project_id)
);
CREATE INDEX grants_site_project ON public.grants USING btree (site_project_id);

create table idempotency_keys (
  busy_until timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  endpoint_id text not null,
  key text not null,
  request_hash text not null,
  sealed_answer bytea,
  user_id uuid not null,
  constraint idempotency_keys_pkey PRIMARY KEY (user_id, key),
  constraint idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table job_executors (
  id text not null,
  seen_at timestamp with time zone not null default now(),
  constraint job_executors_pkey PRIMARY KEY (id)
);

create table job_log (
  at timestamp with time zone not null default now(),
  id bigint not null,
  job_id uuid not null,
  message text not null,
  step text,
  constraint job_log_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE,
  constraint job_log_pkey PRIMARY KEY (id)
);
CREATE INDEX job_log_job ON public.job_log USING btree (job_id, id);

create table job_steps (
  attempt integer not null default 0,
  bytes_done bigint,
  bytes_total bigint,
  ended_at timestamp with time zone,
  job_id uuid not null,
  name text not null,
  note text,
  problem jsonb,
  rate_bytes_per_s bigint,
  request_ids jsonb not null default '[]'::jsonb,
  seq integer not null,
  started_at timestamp with time zone,
  status text not null,
  title text not null,
  constraint job_steps_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs(id) ON DELETE CASCADE,
  constraint job_steps_pkey PRIMARY KEY (job_id, name),
  constraint job_steps_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'waiting'::text, 'succeeded'::text, 'failed'::text, 'undoing'::text, 'undone'::text])))
);

create table jobs (
  cancel_requested boolean not null default false,
  committed boolean not null default false,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  executor text,
  id uuid not null,
  input jsonb not null,
  labels jsonb not null default '{}'::jsonb,
  owner text not null,
  problem jsonb,
  result jsonb,
  retry_of uuid,
  retry_requested boolean not null default false,
  started_at timestamp with time zone,
  status text not null,
  subject text,
  title text not null,
  workflow text not null,
  constraint jobs_pkey PRIMARY KEY (id),
  constraint jobs_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES jobs(id) ON DELETE SET NULL,
  constraint jobs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'undoing'::text, 'succeeded'::text, 'undone'::text, 'cancelled'::text, 'stuck'::text])))
);
CREATE INDEX jobs_created_at ON public.jobs USING btree (created_at DESC, id);
CREATE INDEX jobs_labels ON public.jobs USING gin (labels jsonb_path_ops);
CREATE INDEX jobs_owner ON public.jobs USING btree (owner, created_at DESC);
CREATE UNIQUE INDEX jobs_subject ON public.jobs USING btree (subject) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'undoing'::text, 'stuck'::text]));
CREATE INDEX jobs_unfinished ON public.jobs USING btree (status) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'undoing'::text, 'stuck'::text]));

create table kysely_migration (
  name character varying(255) not null,
  "timestamp" character varying(255) not null,
  constraint kysely_migration_pkey PRIMARY KEY (name)
);

create table kysely_migration_lock (
  id character varying(255) not null,
  is_locked integer not null default 0,
  constraint kysely_migration_lock_pkey PRIMARY KEY (id)
);

create table project_sites (
  project_id text not null,
  site_project_id uuid not null,
  constraint project_sites_pkey PRIMARY KEY (site_project_id),
  constraint project_sites_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE,
  constraint project_sites_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);
CREATE INDEX project_sites_project ON public.project_sites USING btree (project_id);

create table projects (
  created_at timestamp with time zone not null default now(),
  created_by uuid,
  description text not null default ''::text,
  id text not null default replace((gen_random_uuid())::text, '-'::text, ''::text),
  name text not null,
  constraint projects_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL,
  constraint projects_id_check CHECK ((id ~ '^[0-9a-f]{32}$'::text)),
  constraint projects_name_key UNIQUE (name),
  constraint projects_pkey PRIMARY KEY (id)
);

create table reader_state (
  as_of timestamp with time zone,
  changes_since timestamp with time zone,
  duration_ms integer,
  failing_since timestamp with time zone,
  kind text not null,
  last_full_at timestamp with time zone,
  problem jsonb,
  rows integer not null default 0,
  site_project_id uuid not null,
  constraint reader_state_pkey PRIMARY KEY (site_project_id, kind),
  constraint reader_state_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);

create table resources (
  block_id bigint not null,
  created_at timestamp with time zone,
  digest text not null,
  facts text not null,
  id text not null,
  kind text not null,
  name text not null,
  raw text,
  search text not null,
  seen_at timestamp with time zone not null,
  shared_id text,
  site_project_id uuid not null,
  status text,
  updated_at timestamp with time zone,
  constraint resources_pkey PRIMARY KEY (site_project_id, kind, id)
);
CREATE INDEX resources_by_creation ON public.resources USING btree (kind, COALESCE(created_at, '-infinity'::timestamp with time zone));
CREATE INDEX resources_by_update ON public.resources USING btree (kind, COALESCE(updated_at, '-infinity'::timestamp with time zone));
CREATE INDEX resources_of_block ON public.resources USING btree (block_id);
CREATE INDEX resources_ports_of ON public.resources USING btree (site_project_id, (((facts)::json ->> 'device_id'::text))) WHERE (kind = 'ports'::text);
CREATE INDEX resources_shared ON public.resources USING btree (kind, shared_id) WHERE (shared_id IS NOT NULL);

create table search_blocks (
  filter bit(30720) not null,
  first_name text not null,
  first_status text not null,
  id bigint not null,
  kind text not null,
  last_name text not null,
  last_status text not null,
  raws bytea,
  rows integer not null,
  site_project_id uuid not null,
  stale_rows integer not null default 0,
  constraint search_blocks_pkey PRIMARY KEY (id),
  constraint search_blocks_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);
CREATE INDEX search_blocks_of ON public.search_blocks USING btree (site_project_id, kind) INCLUDE (id, rows, first_name, last_name, first_status, last_status);

create table sessions (
  created_at timestamp with time zone not null default now(),
  id uuid not null default gen_random_uuid(),
  seen_at timestamp with time zone not null default now(),
  token_hash bytea not null,
  user_id uuid not null,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_hash_key UNIQUE (token_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

create table setup_token (
  expires_at timestamp with time zone not null,
  "only" boolean not null default true,
  token_hash bytea not null,
  constraint setup_token_only_check CHECK ("only"),
  constraint setup_token_pkey PRIMARY KEY ("only")
);

create table site_catalogs (
  as_of timestamp with time zone not null default now(),
  catalog jsonb not null,
  site_project_id uuid not null,
  constraint site_catalogs_pkey PRIMARY KEY (site_project_id),
  constraint site_catalogs_site_project_id_fkey FOREIGN KEY (site_project_id) REFERENCES site_projects(id) ON DELETE CASCADE
);

create table site_projects (
  added_by uuid,
  created_at timestamp with time zone not null default now(),
  credential_expires_at timestamp with time zone,
  credential_id text,
  credential_kind text not null,
  credential_minted boolean not null,
  credential_note text,
  credential_sealed bytea not null,
  domain_name text not null,
  id uuid not null default gen_random_uuid(),
  project_id text not null,
  project_name text not null,
  roles jsonb not null,
  site_id uuid not null,
  site_user_id text not null,
  site_user_name text not null,
  constraint site_projects_added_by_fkey FOREIGN KEY (added_by) REFERENCES users(id) ON DELETE SET NULL,
  constraint site_projects_credential_kind_check CHECK ((credential_kind = ANY (ARRAY['application_credential'::text, 'password'::text]))),
  constraint site_projects_pkey PRIMARY KEY (id),
  constraint site_projects_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id) ON DELETE CASCADE,
  constraint site_projects_site_id_project_id_added_by_key UNIQUE (site_id, project_id, added_by)
);
CREATE TRIGGER remove_resources AFTER DELETE ON public.site_projects FOR EACH ROW EXECUTE FUNCTION remove_resources();

create table sites (
  auth_url text not null,
  ca_pem text,
  discovery jsonb not null,
  id uuid not null default gen_random_uuid(),
  interface text not null,
  joined_at timestamp with time zone not null default now(),
  latency_ms double precision,
  name text not null,
  problem jsonb,
  region_name text,
  seen_at timestamp with time zone,
  unreachable_since timestamp with time zone,
  constraint sites_interface_check CHECK ((interface = ANY (ARRAY['public'::text, 'internal'::text, 'admin'::text]))),
  constraint sites_name_key UNIQUE (name),
  constraint sites_pkey PRIMARY KEY (id)
);

create table totp_secrets (
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  sealed bytea not null,
  used_step bigint,
  user_id uuid not null,
  constraint totp_secrets_pkey PRIMARY KEY (user_id),
  constraint totp_secrets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table users (
  created_at timestamp with time zone not null default now(),
  id uuid not null default gen_random_uuid(),
  name text not null,
  password_hash text not null,
  role text not null,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'user'::text])))
);
CREATE UNIQUE INDEX users_name ON public.users USING btree (lower(name));

create table workflow_schema (
  version integer not null
);
