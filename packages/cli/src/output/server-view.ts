import type { ServerDetail } from "@uniview/api";
import { renderFacts, section, stack } from "./facts.ts";
import type { Paint } from "./paint.ts";
import { formatAge, formatBytes } from "./quantities.ts";
import { resourceState } from "./state.ts";
import { renderTable } from "./table.ts";

/** A server's page: facts, volumes, ports. */
export function renderServer({ item, volumes, ports }: ServerDetail, paint: Paint, now: Date): string {
  const { flavor } = item;
  const size = [
    flavor.vcpus !== null && `${flavor.vcpus} vCPU`,
    flavor.ram_mb !== null && `${formatBytes(flavor.ram_mb * 1024 ** 2)} RAM`,
    flavor.disk_gb !== null && `${flavor.disk_gb} GiB disk`,
  ].filter(Boolean);
  return stack(
    renderFacts(
      [
        ["name", { text: item.name, style: "bold" }],
        ["id", item.id],
        ["site", item.site],
        ["project", item.project_name],
        ["status", resourceState(item.status)],
        ["task", item.task_state],
        ["fault", item.fault === null ? "" : { text: item.fault, style: "red" }],
        ["locked", item.locked ? "yes" : ""],
        ["flavor", `${flavor.name ?? flavor.id ?? "unknown"} (${size.join(", ")})`],
        ["image", item.image ? (item.image.name ?? item.image.id) : "none: it boots from a volume"],
        ["key", item.key_name],
        ["security groups", item.security_groups.join(", ")],
        ["zone", item.availability_zone],
        ["tags", item.tags.join(", ")],
        [
          "metadata",
          Object.entries(item.metadata)
            .map(([key, value]) => `${key}=${value}`)
            .join(" "),
        ],
        ["created", item.created_at && `${item.created_at} (${formatAge(item.created_at, now)})`],
        ["as of", formatAge(item.as_of, now)],
      ],
      paint,
    ),
    section(
      "Addresses",
      item.addresses.length === 0
        ? ""
        : renderTable(
            [
              { title: "Address", cell: ({ address }) => address },
              { title: "Kind", cell: ({ kind }) => kind },
              { title: "Network", cell: ({ network }) => network },
              { title: "MAC address", cell: ({ mac }) => mac },
            ],
            item.addresses,
            { paint },
          ),
      paint,
    ),
    section(
      "Volumes",
      volumes.length === 0
        ? ""
        : renderTable(
            [
              { title: "Name", cell: ({ name }) => name },
              { title: "Status", cell: ({ status }) => resourceState(status) },
              { title: "Size", cell: ({ size_gb }) => `${size_gb} GiB`, align: "right" },
              { title: "Type", cell: ({ volume_type }) => volume_type },
              {
                title: "Device",
                cell: ({ attached_to }) => attached_to.find(({ server_id }) => server_id === item.id)?.device,
              },
              { title: "ID", cell: ({ id }) => id },
            ],
            volumes,
            { paint },
          ),
      paint,
    ),
    section(
      "Ports",
      ports.length === 0
        ? ""
        : renderTable(
            [
              { title: "Network", cell: ({ network_id, network_name }) => network_name ?? network_id },
              { title: "Status", cell: ({ status }) => resourceState(status) },
              {
                title: "Fixed IPs",
                cell: ({ fixed_ips }) => fixed_ips.map(({ ip_address }) => ip_address).join(" "),
              },
              { title: "MAC address", cell: ({ mac_address }) => mac_address },
              { title: "ID", cell: ({ id }) => id },
            ],
            ports,
            { paint },
          ),
      paint,
    ),
  );
}
