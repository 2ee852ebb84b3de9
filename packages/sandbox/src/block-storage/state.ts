export interface VolumeType {
  id: string;
  name: string;
  description: string | null;
  is_public: boolean;
  extra_specs: Record<string, string>;
  encryption?: { provider: string; cipher: string; key_size: number; control_location: string };
  created_at: string;
}

export interface BlockAttachment {
  attachment_id: string;
  server_id: string;
  device: string;
  attached_at: string;
}

export interface Volume {
  id: string;
  name: string | null;
  description: string | null;
  project_id: string;
  user_id: string;
  status: string;
  size: number;
  volume_type_id: string;
  availability_zone: string;
  bootable: boolean;
  multiattach: boolean;
  /** Id of the key, for a volume of an encrypted type. */
  encryption_key_id?: string;
  group_id?: string | null;
  metadata: Record<string, string>;
  image_metadata: Record<string, string>;
  snapshot_id: string | null;
  source_volid: string | null;
  attachments: BlockAttachment[];
  created_at: string;
  updated_at: string | null;
}

export interface Snapshot {
  id: string;
  name: string | null;
  description: string | null;
  project_id: string;
  user_id: string;
  volume_id: string;
  group_snapshot_id?: string | null;
  status: string;
  size: number;
  metadata: Record<string, string>;
  created_at: string;
  updated_at: string | null;
}

export interface Backup {
  id: string;
  name: string | null;
  description: string | null;
  project_id: string;
  user_id: string;
  volume_id: string;
  snapshot_id: string | null;
  /** The backup that it builds upon; null for a full one. */
  parent_id: string | null;
  status: string;
  size: number;
  availability_zone: string;
  metadata: Record<string, string>;
  fail_reason: string | null;
  created_at: string;
  updated_at: string | null;
}

export interface GroupType {
  id: string;
  name: string;
  group_specs: Record<string, string>;
}

export interface Group {
  id: string;
  name: string | null;
  description: string | null;
  project_id: string;
  group_type_id: string;
  volume_type_ids: string[];
  status: string;
  created_at: string;
}

export interface GroupSnapshot {
  id: string;
  name: string | null;
  description: string | null;
  project_id: string;
  group_id: string;
  group_type_id: string;
  status: string;
  created_at: string;
}

export interface Transfer {
  id: string;
  name: string | null;
  volume_id: string;
  project_id: string;
  auth_key: string;
  with_snapshots: boolean;
  created_at: string;
}
