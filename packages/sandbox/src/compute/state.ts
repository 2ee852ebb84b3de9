export interface Flavor {
  id: string;
  name: string;
  ram: number;
  vcpus: number;
  disk: number;
  is_public: boolean;
  description: string | null;
  extra_specs: Record<string, string>;
}

export interface Keypair {
  /** `<user_id>/<name>`: names are unique per user only. */
  id: string;
  name: string;
  user_id: string;
  public_key: string;
  fingerprint: string;
  type: "ssh" | "x509";
  created_at: string;
}

/** A volume of a server, as Nova's block device mapping remembers it. */
export interface VolumeAttachment {
  attachment_id: string;
  bdm_uuid: string;
  volume_id: string;
  device: string;
  boot_index: number | null;
  delete_on_termination: boolean;
  tag: string | null;
}

export type VmState = "building" | "active" | "stopped" | "error" | "deleted" | "paused" | "suspended";

export interface Server {
  id: string;
  name: string;
  description: string | null;
  /** null: it follows from the name. */
  hostname?: string | null;
  project_id: string;
  user_id: string;
  vm_state: VmState;
  task_state: string | null;
  /** 0 none, 1 running, 4 shut down. */
  power_state: 0 | 1 | 4;
  created: string;
  updated: string;
  launched_at: string | null;
  terminated_at: string | null;
  /** As it was at boot: Nova keeps a copy, so a deleted flavor does not hurt. */
  flavor: Flavor;
  /** Null when it booted from a volume. */
  image_id: string | null;
  image_properties: Record<string, string>;
  key_name: string | null;
  metadata: Record<string, string>;
  tags: string[];
  security_groups: string[];
  availability_zone: string;
  host: string;
  config_drive: boolean;
  user_data: string | null;
  locked: boolean;
  locked_by_admin: boolean;
  locked_reason: string | null;
  attachments: VolumeAttachment[];
  has_root_disk: boolean;
  /** Ports that were given to it rather than made for it: they outlive it. */
  given_ports: string[];
  /** Ports in the order in which the guest got them. */
  nic_order?: string[];
  /** Device tags of its NICs, by the port's id. */
  nic_tags?: Record<string, string>;
  trusted_image_certificates?: string[] | null;
  fault: { code: number; created: string; message: string; details?: string } | null;
  /** Hash of each disk when the server last booted, by `root` or the volume's id. */
  sha256_at_boot: Record<string, string>;
}
