export interface VolumeType {
  id: string;
  name: string;
  description: string | null;
  is_public: boolean;
  extra_specs: Record<string, string>;
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
  status: string;
  size: number;
  metadata: Record<string, string>;
  created_at: string;
  updated_at: string | null;
}
