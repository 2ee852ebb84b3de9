import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { OPERATION_NAMES, OPERATIONS, PROJECT_NAMES, type ServiceType } from "@uniview/openstack";
import { sayWhen } from "@uniview/openstack/negotiation/negotiate";

/** docs/negotiation.md is made of the table that the client uses: `node tools/negotiation-page.ts` writes it anew. */
export const NEGOTIATION_PAGE = fileURLToPath(new URL("../docs/negotiation.md", import.meta.url));

const INTRODUCTION = `# What is asked of which release

Generated from \`packages/openstack/src/negotiation\` by \`node tools/negotiation-page.ts\`; a test compares it.

For each operation whose call depends on the site's age: the ways to do it, the wanted one first, with the microversions
that go that way. One request that carries several operations asks for the microversion that loses least, and of those for
the lowest. What is lost comes back from the call as a note, is told by the plan of a migration before it happens, and is
listed among a site's limitations. What no way does is refused before anything is sent.
`;

export function negotiationPage(): string {
  const services = [...new Set(OPERATION_NAMES.map((name) => OPERATIONS[name].service))];
  return [INTRODUCTION, ...services.map(sectionOf)].join("\n");
}

function sectionOf(service: ServiceType): string {
  const rows = OPERATION_NAMES.filter((name) => OPERATIONS[name].service === service).flatMap((name) => {
    const { does, ways } = OPERATIONS[name];
    return Object.values(ways).map((way, rank) => [
      rank === 0 ? `\`${name}\`<br>to ${does}` : "",
      sayWhen(way),
      way.how,
      way.lost ?? "nothing",
    ]);
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["operation", "microversions", "how", "lost"];
  const table = [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
  return `## ${PROJECT_NAMES[service]}\n\n${table}\n`;
}

if (import.meta.main) await writeFile(NEGOTIATION_PAGE, negotiationPage());
