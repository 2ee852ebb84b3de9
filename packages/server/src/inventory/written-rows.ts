import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { BinaryValues } from "../db/binary-values.ts";
import type { Stored } from "./stored.ts";
import type { AsciiText } from "./transcribe/ascii-text.ts";

/** What {@link WrittenRows} holds of a row, each as PostgreSQL takes it. */
export const WRITTEN_COLUMNS = [
  { name: "id", type: "text" },
  { name: "name", type: "text" },
  { name: "status", type: "text" },
  { name: "search", type: "text" },
  { name: "facts", type: "text" },
  { name: "shared_id", type: "text" },
  { name: "created_at", type: "timestamptz" },
  { name: "updated_at", type: "timestamptz" },
] as const;
type WrittenColumn = (typeof WRITTEN_COLUMNS)[number]["name"];

const COLUMNS = WRITTEN_COLUMNS.length;
/** Where each column begins, and where the last one ends. */
const PLACES_A_ROW = COLUMNS + 1;
/** Before each value; see {@link BinaryValues}. */
const SIZE_BYTES = 4;
/** What a server takes, so that room is seldom made twice. */
const ROW_BYTES = 2_304;
const DIGEST_CHARS = 22; // of SHA-256 in base64: 132 bits

/** What is known of a row without looking into its bytes. */
export interface WrittenRow {
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  /** See `resources.digest`. */
  readonly digest: string;
  /** A server that is on its way from one state to another. */
  readonly changing: boolean;
  /** The site's own JSON, where it lies: in the page that it came with, mostly. */
  readonly raw_json: Buffer;
  /** Where its {@link PLACES_A_ROW} begin. */
  readonly places: number;
}

/** A server in bytes; see `transcribe/server-transcriber.ts`. */
interface Transcribed {
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly changing: boolean;
  readonly created_ms: number | null;
  readonly updated_ms: number | null;
  readonly words: AsciiText;
  readonly facts: AsciiText;
  readonly raw_json: Buffer;
}

/** Some bytes of {@link WrittenRows.bytes}. */
export interface Part {
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
}

/**
 * Rows written down as PostgreSQL takes them, all in one memory: what is made of hundreds of bodies at once would
 * otherwise live just long enough to be moved about by the collector of garbage. The sites' own JSON stays where it is.
 */
export class WrittenRows {
  readonly rows: WrittenRow[] = [];
  readonly #values: BinaryValues;
  readonly #places: Int32Array;
  #next = 0;

  /** @param most_rows that are added */
  constructor(most_rows: number) {
    this.#values = new BinaryValues(most_rows * ROW_BYTES);
    this.#places = new Int32Array(most_rows * PLACES_A_ROW);
  }

  /** What was written so far; another one after each row. */
  get bytes(): Buffer {
    return this.#values.bytes;
  }

  add(stored: Stored): void {
    const { id, name, status, search, facts_text, shared_id, created_at, updated_at, raw_json, changing } =
      stored;
    const values = this.#values;
    const places = this.#begin(id, name, status);
    values.text(search);
    this.#note();
    values.text(facts_text);
    this.#note();
    this.#end(shared_id, msOf(created_at), msOf(updated_at));
    this.rows.push({ id, name, status, digest: this.#digest(places, raw_json), changing, raw_json, places });
  }

  /** The same, of what is there in bytes already. */
  addTranscribed({
    id,
    name,
    status,
    words,
    facts,
    raw_json,
    changing,
    created_ms,
    updated_ms,
  }: Transcribed): void {
    const values = this.#values;
    const places = this.#begin(id, name, status);
    values.part(words.bytes, 0, words.at);
    this.#note();
    values.part(facts.bytes, 0, facts.at);
    this.#note();
    this.#end(null, created_ms, updated_ms);
    this.rows.push({ id, name, status, digest: this.#digest(places, raw_json), changing, raw_json, places });
  }

  /** All {@link WRITTEN_COLUMNS}, one after the other. */
  columns({ places }: WrittenRow): Part {
    return this.#part(places, places + COLUMNS);
  }

  /** One of them, its size before it. */
  column({ places }: WrittenRow, name: WrittenColumn): Part {
    const place = places + PLACE_OF[name];
    return this.#part(place, place + 1);
  }

  /** The search text in UTF-8, without its size. */
  search(row: WrittenRow): Part {
    const { from, to } = this.column(row, "search");
    return { from: from + SIZE_BYTES, to };
  }

  facts(row: WrittenRow): unknown {
    const { from, to } = this.column(row, "facts");
    return JSON.parse(this.bytes.toString("utf8", from + SIZE_BYTES, to));
  }

  #begin(id: string, name: string, status: string | null): number {
    const values = this.#values;
    const places = this.rows.length * PLACES_A_ROW;
    if (places >= this.#places.length) throw new RangeError("More rows are written than were expected.");
    this.#next = places;
    this.#note();
    values.text(id);
    this.#note();
    values.text(name);
    this.#note();
    values.text(status);
    this.#note();
    return places;
  }

  #end(shared_id: string | null, created_ms: number | null, updated_ms: number | null): void {
    const values = this.#values;
    values.text(shared_id);
    this.#note();
    values.instant(created_ms);
    this.#note();
    values.instant(updated_ms);
    this.#note();
  }

  #note(): void {
    this.#places[this.#next] = this.#values.at;
    this.#next += 1;
  }

  /** What else the site's JSON says is kept for who looks at it: that it changed is known well enough by a checksum. */
  #digest(places: number, raw_json: Buffer): string {
    const values = this.#values;
    const behind = values.at;
    values.integer(crc32(raw_json) | 0);
    const all = this.bytes.subarray(this.#places[places], values.at);
    values.at = behind;
    return hash("sha256", all, "base64").slice(0, DIGEST_CHARS);
  }

  #part(from: number, to: number): Part {
    return { from: this.#places[from] ?? 0, to: this.#places[to] ?? 0 };
  }
}

const PLACE_OF = Object.fromEntries(WRITTEN_COLUMNS.map(({ name }, place) => [name, place])) as Readonly<
  Record<WrittenColumn, number>
>;

function msOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}
