export type ImageStatus = "queued" | "saving" | "active" | "killed" | "deactivated";
export type Visibility = "public" | "private" | "shared" | "community";

export interface Image {
  id: string;
  name: string | null;
  status: ImageStatus;
  visibility: Visibility;
  owner: string;
  protected: boolean;
  os_hidden: boolean;
  disk_format: string | null;
  container_format: string | null;
  min_disk: number;
  min_ram: number;
  size: number | null;
  virtual_size: number | null;
  checksum: string | null;
  os_hash_algo: string | null;
  os_hash_value: string | null;
  tags: string[];
  properties: Record<string, string>;
  created_at: string;
  updated_at: string;
}
