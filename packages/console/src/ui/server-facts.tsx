import { Badge, Group } from "@mantine/core";
import type { Server } from "@uniview/api";
import { Age } from "./age.tsx";
import { Copyable } from "./copyable.tsx";
import { Fact, Facts } from "./facts.tsx";
import { memoryText, sizeText } from "./units.ts";

/** Nova's `disk` is in GiB. */
const GIB = 2 ** 30;

export function ServerFacts({ server }: { readonly server: Server }) {
  const { addresses, image, tags, metadata, security_groups } = server;
  return (
    <Facts>
      <Fact name="Id">
        <Copyable value={server.id} what="id" />
      </Fact>
      <Fact name="Project">{server.project_name}</Fact>
      <Fact name="Addresses">
        {addresses.map(({ address, network, kind }) => (
          <div key={address + network}>
            <Copyable value={address} what="address" mono={false} />{" "}
            <span className="dim">
              {kind === "floating" ? "floating, " : ""}
              {network}
            </span>
          </div>
        ))}
      </Fact>
      <Fact name="Flavor">{flavorText(server)}</Fact>
      <Fact name="Image">{image ? (image.name ?? image.id) : "none: boots from a volume"}</Fact>
      <Fact name="Power">{server.power_state}</Fact>
      <Fact name="Keypair">{server.key_name}</Fact>
      <Fact name="Security groups">{security_groups.join(", ")}</Fact>
      <Fact name="Availability zone">{server.availability_zone}</Fact>
      <Fact name="Tags">
        {tags.length > 0 && (
          <Group gap={4}>
            {tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" fw={450}>
                {tag}
              </Badge>
            ))}
          </Group>
        )}
      </Fact>
      <Fact name="Metadata">
        {Object.entries(metadata).map(([key, value]) => (
          <div key={key} className="mono">
            {key}={value}
          </div>
        ))}
      </Fact>
      <Fact name="Created">
        <Age at={server.created_at} never="unknown" />
      </Fact>
      <Fact name="Changed">
        <Age at={server.updated_at} never="unknown" />
      </Fact>
    </Facts>
  );
}

function flavorText({ flavor: { name, vcpus, ram_mb, disk_gb } }: Server): string {
  const parts = [
    name,
    vcpus !== null && `${vcpus} vCPU`,
    ram_mb !== null && `${memoryText(ram_mb)} RAM`,
    disk_gb ? `${sizeText(disk_gb * GIB)} root disk` : false,
  ];
  return parts.filter(Boolean).join(" · ");
}
