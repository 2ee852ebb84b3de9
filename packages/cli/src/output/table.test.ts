import { expect, test } from "vitest";
import { renderTable } from "./table.ts";
import { cutTo, harmless, widthOf } from "./text-width.ts";

interface Disk {
  name: string;
  size: number | null;
}
const columns = [
  { title: "Name", cell: ({ name }: Disk) => name, cut: true as const },
  { title: "Size", cell: ({ size }: Disk) => size, align: "right" as const },
];

test("columns are aligned, numbers at the right, and nothing is a dash", () => {
  const rows = [
    { name: "root", size: 20 },
    { name: "data-volume", size: 1000 },
    { name: "lost", size: null },
  ];
  expect(renderTable(columns, rows).split("\n")).toEqual([
    "Name         Size",
    "root           20",
    "data-volume  1000",
    "lost            –",
  ]);
});

test("a narrow terminal cuts what may be cut, and keeps the rest whole", () => {
  const lines = renderTable(columns, [{ name: "a-very-long-volume-name", size: 123456 }], {
    width: 20,
  }).split("\n");
  expect(lines[1]).toBe("a-very-long…  123456");
});

test("a pipe cuts nothing", () => {
  expect(renderTable(columns, [{ name: "x".repeat(300), size: 1 }])).toContain("x".repeat(300));
});

test("wide characters take two columns", () => {
  expect(widthOf("サーバー")).toBe(8);
  expect(cutTo("サーバー", 5)).toBe("サー…");
  const [, first, second] = renderTable(columns, [
    { name: "サーバー", size: 1 },
    { name: "web", size: 2 },
  ]).split("\n");
  expect(widthOf(first ?? "")).toBe(widthOf(second ?? ""));
});

test("an escape sequence in a name does not reach the terminal", () => {
  expect(harmless("\u001B[2Jgone\u202E")).toBe("\uFFFD[2Jgone\uFFFD");
  expect(renderTable(columns, [{ name: "\u001B]0;owned\u0007", size: 1 }])).not.toContain("\u001B");
});
