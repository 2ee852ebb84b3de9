import { open } from "node:fs/promises";

/** First line of a disk, in a block of its own. */
const LINE_BYTES = 512;
/** Where a root disk's log begins, how long an entry is, and after how many the first is written over. */
const LOG_OFFSET = 4096;
const LOG_ENTRY_BYTES = 64;
const LOG_ENTRIES = 960;

export interface RootLine {
  counter: number;
  boots: number;
  /** Id of the first server that booted the disk. */
  uuid: string;
}

export interface DataLine {
  counter: number;
  epoch_s: number;
  uuid: string;
}

/** The text at the start of a disk, without its padding; empty for a blank disk. */
export async function readLine(path: string): Promise<string> {
  await using file = await open(path, "r");
  const block = Buffer.alloc(LINE_BYTES);
  await file.read(block, 0, LINE_BYTES, 0);
  const end = block.indexOf(0);
  return block.toString("latin1", 0, end === -1 ? LINE_BYTES : end).trimEnd();
}

export function parseRootLine(line: string): RootLine | undefined {
  const found = /^sandbox-guest counter=(\d+) boots=(\d+) uuid=(\S+)$/.exec(line);
  if (found === null) return undefined;
  return { counter: Number(found[1]), boots: Number(found[2]), uuid: found[3] ?? "" };
}

export function parseDataLine(line: string): DataLine | undefined {
  const found = /^sandbox-data (\d+) (\d+) (\S+)$/.exec(line);
  if (found === null) return undefined;
  return { counter: Number(found[1]), epoch_s: Number(found[2]), uuid: found[3] ?? "" };
}

export async function writeRootLine(path: string, line: RootLine): Promise<void> {
  await writeLine(path, `sandbox-guest counter=${line.counter} boots=${line.boots} uuid=${line.uuid}`);
}

export async function writeDataLine(path: string, line: DataLine): Promise<void> {
  await writeLine(path, `sandbox-data ${line.counter} ${line.epoch_s} ${line.uuid}`);
}

/** Appends to the log area behind the first line; `entry` counts from 0. */
export async function writeLogEntry(path: string, entry: number, text: string): Promise<void> {
  await using file = await open(path, "r+");
  const line = Buffer.from(`${text.slice(0, LOG_ENTRY_BYTES - 1).padEnd(LOG_ENTRY_BYTES - 1)}\n`, "latin1");
  await file.write(line, 0, line.length, LOG_OFFSET + (entry % LOG_ENTRIES) * LOG_ENTRY_BYTES);
}

async function writeLine(path: string, line: string): Promise<void> {
  await using file = await open(path, "r+");
  const block = Buffer.alloc(LINE_BYTES);
  block.write(`${line}\n`, "latin1");
  await file.write(block, 0, LINE_BYTES, 0);
}
