import { isAscii } from "node:buffer";
import { endOfValue } from "@uniview/openstack/service/json-bytes";
import type { Surroundings } from "../normalise/normalised.ts";
import { END, MARKS, MAX_CHARS, MAX_VALUE_CHARS, searchText } from "../normalise/search-text.ts";
import { flavorOf, imageOf, POWER_STATES, securityGroupsOf } from "../normalise/servers.ts";
import { isSame, SeenBytes } from "../seen-bytes.ts";
import { isGone, isPassing } from "../server-status.ts";
import { MAX_ID_CHARS, MAX_NAME_CHARS } from "../stored.ts";
import type { WrittenRows } from "../written-rows.ts";
import { AsciiText } from "./ascii-text.ts";
import { endOfText, FoundFields, firstIn, nextIn, QUOTE, valueAfter } from "./found-fields.ts";
import { usualInstant } from "./instant-bytes.ts";
import * as field from "./server-fields.ts";
import { SharedValues } from "./shared-values.ts";

const [BACKSLASH, DELETE] = [0x5c, 0x7f] as const;
const [COMMA, EQUALS, COLON, ZERO, NINE] = [0x2c, 0x3d, 0x3a, 0x30, 0x39] as const;
const [OPENING_BRACE, OPENING_BRACKET, CLOSING_BRACKET] = [0x7b, 0x5b, 0x5d] as const;
/** `true`, `false` and `null` by their first letters: JSON has no others. */
const [LETTER_T, LETTER_F, LETTER_N] = [0x74, 0x66, 0x6e] as const;

const END_OF_WORD = END.charCodeAt(0);
const MARK_OF_NETWORK = MARKS.network.charCodeAt(0);
const MAX_LIST = 16;
/** Facts of a server are a kilobyte; of more than this they are not usual. */
const MAX_FACTS_BYTES = 65_536;

const piece = (text: string) => Buffer.from(text);
const [NULL, TRUE, FALSE, NOTHING] = [piece("null"), piece("true"), piece("false"), piece("{}")];
const BEFORE_ADDRESSES = piece('{"addresses":[');
const BEFORE_NETWORK = piece('{"network":');
const BEFORE_ADDRESS = piece(',"address":');
const [IPV4, IPV6] = [piece(',"version":4,"mac":'), piece(',"version":6,"mac":')];
const [FIXED, FLOATING] = [piece(',"kind":"fixed"}'), piece(',"kind":"floating"}')];
const FLOATING_TYPE = piece('"floating"');
const BEFORE_FLAVOR = piece('],"flavor":');
const BEFORE_IMAGE = piece(',"image":');
const BEFORE_VOLUMES = piece(',"volume_ids":[');
const BEFORE_KEY_NAME = piece('],"key_name":');
const BEFORE_SECURITY_GROUPS = piece(',"security_groups":');
const BEFORE_ZONE = piece(',"availability_zone":');
const BEFORE_POWER_STATE = piece(',"power_state":');
const BEFORE_TASK_STATE = piece(',"task_state":');
const BEFORE_LOCKED = piece(',"locked":');
const BEFORE_TAGS = piece(',"tags":[');
const BEFORE_METADATA = piece('],"metadata":');
const AFTER_METADATA = piece(',"fault":null}');
const POWER_STATE_TEXTS = Array.from({ length: 10 }, (_, n) =>
  piece(JSON.stringify(POWER_STATES[n] ?? null)),
);

/** What a value says that many servers have in common. */
interface Common {
  readonly facts: Buffer;
  readonly words: Buffer;
}

/** One thread transcribes one server at a time. */
const facts = new AsciiText(MAX_FACTS_BYTES);
const words = new AsciiText(MAX_FACTS_BYTES);
const marked = new AsciiText(MAX_FACTS_BYTES);
/** Values of a short list, to find those that it has twice; a longer one is not usual. */
const seen = new SeenBytes(MAX_LIST);
const SERVER = new FoundFields(field.SERVER_FIELDS);
const ADDRESS = new FoundFields(field.ADDRESS_FIELDS);
const VOLUME = new FoundFields(field.VOLUME_FIELDS);

/**
 * Does what `normaliseServer` does to servers that are as usual, from bytes to bytes: reading JSON into objects, and
 * spelling it again, is most of what storing an inventory costs. What is usual has no escapes and no other letters than
 * ASCII, nothing longer than what is searched, and the types that Nova gives; everything else is left to the other way,
 * as are values that many servers share: these are read once.
 */
export class ServerTranscriber {
  readonly #page: Buffer;
  readonly #around: Surroundings;
  readonly #found: Int32Array;
  readonly #page_is_plain: boolean;
  readonly #flavors: SharedValues<Common>;
  readonly #images: SharedValues<Common>;
  readonly #security_groups: SharedValues<Common>;
  #is_usual = true;
  /** When the last server that was transcribed changed, in milliseconds since 1970; 0: it does not tell. */
  updated_ms = 0;

  /**
   * @param page rows that are JSON, as `findRows` made sure
   * @param found where it found {@link field.SERVER_FIELDS} in them
   */
  constructor(page: Uint8Array<ArrayBuffer>, found: Int32Array, around: Surroundings) {
    this.#found = found;
    this.#page = Buffer.from(page.buffer, page.byteOffset, page.length);
    this.#around = around;
    this.#flavors = new SharedValues(this.#page);
    this.#images = new SharedValues(this.#page);
    this.#security_groups = new SharedValues(this.#page);
    this.#page_is_plain = isPlain(this.#page);
  }

  /**
   * @param raw_json the server, the `row`th of the page
   * @returns false where it is not as usual: nothing was written then
   */
  transcribe(raw_json: Buffer, row: number, written: WrittenRows): boolean {
    if (!this.#page_is_plain && !isPlain(raw_json)) return false;
    this.#is_usual = true;
    facts.at = words.at = marked.at = 0;
    SERVER.choose(this.#found, row);
    if (field.SELDOM.some((one) => SERVER.begin(one) > 0)) return false;
    const id = this.#text(SERVER, field.ID);
    const name = this.#text(SERVER, field.NAME);
    const status = this.#text(SERVER, field.STATUS);
    if (id === null || id.length > MAX_ID_CHARS || name === null || name.length > MAX_NAME_CHARS)
      return false;
    if (isGone(status)) return false;
    this.#word(SERVER, field.NAME);
    this.#word(SERVER, field.ID);
    this.#word(SERVER, field.STATUS);
    this.#addresses();
    const flavor = this.#common(this.#flavors, field.FLAVOR, (value) => {
      const found = flavorOf({ flavor: value }, this.#around);
      return [found, searchText({ flavor: [found.name, found.id] }, [])];
    });
    const image = this.#common(this.#images, field.IMAGE, (value) => {
      const found = imageOf({ image: value }, this.#around);
      return [found, searchText({ image: [found?.name, found?.id] }, [])];
    });
    facts.piece(BEFORE_FLAVOR);
    facts.piece(flavor.facts);
    facts.piece(BEFORE_IMAGE);
    facts.piece(image.facts);
    this.#volumes();
    facts.piece(BEFORE_KEY_NAME);
    this.#fact(SERVER, field.KEY_NAME);
    this.#word(SERVER, field.KEY_NAME);
    facts.piece(BEFORE_SECURITY_GROUPS);
    const groupsIn = (value: unknown) => [securityGroupsOf({ security_groups: value }), ""] as const;
    facts.piece(this.#common(this.#security_groups, field.SECURITY_GROUPS, groupsIn).facts);
    facts.piece(BEFORE_ZONE);
    this.#fact(SERVER, field.ZONE);
    this.#word(SERVER, field.ZONE);
    facts.piece(BEFORE_POWER_STATE);
    this.#powerState();
    facts.piece(BEFORE_TASK_STATE);
    this.#fact(SERVER, field.TASK_STATE);
    facts.piece(BEFORE_LOCKED);
    this.#locked();
    this.#tags();
    this.#metadata();
    facts.piece(AFTER_METADATA);
    words.piece(flavor.words);
    words.piece(image.words);
    words.part(marked.bytes, 0, marked.at);
    const created_ms = this.#instant(field.CREATED);
    const updated_ms = this.#instant(field.UPDATED);
    const fits = words.at <= MAX_CHARS && facts.at <= MAX_FACTS_BYTES;
    if (!this.#is_usual || !fits) return false;
    this.updated_ms = updated_ms ?? 0;
    const changing = this.#text(SERVER, field.TASK_STATE) !== null || isPassing(status);
    written.addTranscribed({ id, name, status, changing, created_ms, updated_ms, words, facts, raw_json });
    return true;
  }

  #addresses(): void {
    facts.piece(BEFORE_ADDRESSES);
    const page = this.#page;
    const from = this.#listOrObject(field.ADDRESSES, OPENING_BRACE);
    if (from === 0) return;
    seen.begin(page);
    let is_first = true;
    for (let network = firstIn(page, from); page[network] === QUOTE; ) {
      const name_end = endOfText(page, network);
      const list = valueAfter(page, name_end);
      if (page[list] !== OPENING_BRACKET || name_end - network > MAX_VALUE_CHARS) this.#is_usual = false;
      let one = firstIn(page, list);
      while (page[one] === OPENING_BRACE) {
        const end = ADDRESS.find(page, one);
        if (this.#hasText(ADDRESS, field.ADDR)) {
          if (!is_first) facts.byte(COMMA);
          is_first = false;
          this.#address(network, name_end);
        }
        one = nextIn(page, end);
      }
      if (page[one] !== CLOSING_BRACKET) {
        this.#is_usual = false;
        return;
      }
      network = nextIn(page, one + 1);
    }
    if (seen.overflows) this.#is_usual = false;
  }

  /** @param network the quote before its name */
  #address(network: number, name_end: number): void {
    const page = this.#page;
    const [from, to] = [ADDRESS.begin(field.ADDR), ADDRESS.end(field.ADDR)];
    facts.piece(BEFORE_NETWORK);
    facts.part(page, network, name_end + 1);
    facts.piece(BEFORE_ADDRESS);
    facts.part(page, from, to);
    facts.piece(hasByte(page, from, to, COLON) ? IPV6 : IPV4);
    this.#fact(ADDRESS, field.MAC);
    facts.piece(this.#isFloating() ? FLOATING : FIXED);
    this.#word(ADDRESS, field.ADDR);
    // a port has one, and often several addresses
    const is_new =
      this.#hasText(ADDRESS, field.MAC) && seen.isNew(ADDRESS.begin(field.MAC), ADDRESS.end(field.MAC));
    if (is_new) this.#word(ADDRESS, field.MAC);
    if (name_end === network + 1) return;
    marked.byte(MARK_OF_NETWORK);
    marked.lowerPart(page, network + 1, name_end);
    marked.byte(END_OF_WORD);
  }

  #isFloating(): boolean {
    const from = ADDRESS.begin(field.TYPE);
    const { length } = FLOATING_TYPE;
    return ADDRESS.end(field.TYPE) - from === length && isSame(this.#page, from, FLOATING_TYPE, 0, length);
  }

  #volumes(): void {
    facts.piece(BEFORE_VOLUMES);
    const page = this.#page;
    const from = this.#listOrObject(field.VOLUMES, OPENING_BRACKET);
    if (from === 0) return;
    seen.begin(page);
    let at = firstIn(page, from);
    while (page[at] === OPENING_BRACE) {
      const end = VOLUME.find(page, at);
      if (this.#hasText(VOLUME, field.VOLUME_ID)) {
        if (seen.count > 0) facts.byte(COMMA);
        if (!seen.isNew(VOLUME.begin(field.VOLUME_ID), VOLUME.end(field.VOLUME_ID))) this.#is_usual = false;
        this.#fact(VOLUME, field.VOLUME_ID);
        this.#word(VOLUME, field.VOLUME_ID);
      }
      at = nextIn(page, end);
    }
    if (page[at] !== CLOSING_BRACKET || seen.overflows) this.#is_usual = false;
  }

  #tags(): void {
    facts.piece(BEFORE_TAGS);
    const page = this.#page;
    const from = this.#listOrObject(field.TAGS, OPENING_BRACKET);
    if (from === 0) return;
    seen.begin(page);
    let at = firstIn(page, from);
    while (page[at] === QUOTE) {
      const end = endOfText(page, at) + 1;
      if (seen.count > 0) facts.byte(COMMA);
      if (!seen.isNew(at, end)) this.#is_usual = false;
      facts.part(page, at, end);
      this.#line(at + 1, end - 1);
      at = nextIn(page, end);
    }
    if (page[at] !== CLOSING_BRACKET || seen.overflows) this.#is_usual = false;
  }

  #metadata(): void {
    facts.piece(BEFORE_METADATA);
    const page = this.#page;
    const from = this.#listOrObject(field.METADATA, OPENING_BRACE);
    if (from === 0) {
      facts.piece(NOTHING);
      return;
    }
    facts.part(page, from, SERVER.end(field.METADATA));
    for (let at = firstIn(page, from); page[at] === QUOTE; ) {
      const name_end = endOfText(page, at);
      const value = valueAfter(page, name_end);
      const end = endOfValue(page, value);
      if (page[value] !== QUOTE || name_end - at + end - value > MAX_VALUE_CHARS) this.#is_usual = false;
      words.lowerPart(page, at + 1, name_end);
      words.byte(EQUALS);
      words.lowerPart(page, value + 1, end - 1);
      words.byte(END_OF_WORD);
      at = nextIn(page, end);
    }
  }

  #powerState(): void {
    const from = SERVER.begin(field.POWER_STATE);
    const first = this.#page[from] as number;
    if (from === 0 || first === LETTER_N) {
      facts.piece(NULL);
      return;
    }
    const text = first >= ZERO && first <= NINE ? POWER_STATE_TEXTS[first - ZERO] : undefined;
    if (text && SERVER.end(field.POWER_STATE) === from + 1) facts.piece(text);
    else this.#is_usual = false;
  }

  #locked(): void {
    const from = SERVER.begin(field.LOCKED);
    const first = this.#page[from];
    if (from === 0 || first === LETTER_F || first === LETTER_N) facts.piece(FALSE);
    else if (first === LETTER_T) facts.piece(TRUE);
    else this.#is_usual = false;
  }

  #instant(one: number): number | null {
    const [from, to] = [SERVER.begin(one), SERVER.end(one)];
    if (from === 0 || this.#page[from] === LETTER_N) return null;
    const instant_ms = usualInstant(this.#page, from + 1, to - 1);
    if (Number.isNaN(instant_ms)) this.#is_usual = false;
    return instant_ms;
  }

  /** What was read of the same value before, or is read of it now. */
  #common(
    known: SharedValues<Common>,
    one: number,
    read: (value: unknown) => readonly [facts: unknown, words: string],
  ): Common {
    const [from, to] = [SERVER.begin(one), SERVER.end(one)];
    const before = known.find(from, to);
    if (before) return before;
    const text = this.#page.toString("latin1", from, to);
    const [found, looked_for] = read(text === "" ? undefined : JSON.parse(text));
    const common = {
      facts: piece(JSON.stringify(found)),
      words: piece(looked_for === END ? "" : looked_for),
    };
    known.add(from, to, common);
    return common;
  }

  /** @returns where it begins; 0: there is none */
  #listOrObject(one: number, opening: number): number {
    const from = SERVER.begin(one);
    if (from === 0 || this.#page[from] === LETTER_N) return 0;
    if (this.#page[from] === opening) return from;
    this.#is_usual = false;
    return 0;
  }

  #text(fields: FoundFields, one: number): string | null {
    return this.#hasText(fields, one)
      ? this.#page.toString("latin1", fields.begin(one) + 1, fields.end(one) - 1)
      : null;
  }

  #hasText(fields: FoundFields, one: number): boolean {
    const from = fields.begin(one);
    return from > 0 && this.#page[from] === QUOTE && fields.end(one) > from + 2;
  }

  #fact(fields: FoundFields, one: number): void {
    if (this.#hasText(fields, one)) facts.part(this.#page, fields.begin(one), fields.end(one));
    else facts.piece(NULL);
  }

  #word(fields: FoundFields, one: number): void {
    if (this.#hasText(fields, one)) this.#line(fields.begin(one) + 1, fields.end(one) - 1);
  }

  #line(from: number, to: number): void {
    if (from === to) return;
    if (to - from > MAX_VALUE_CHARS) this.#is_usual = false;
    words.lowerPart(this.#page, from, to);
    words.byte(END_OF_WORD);
  }
}

/** Whether each text stands there as it is. */
function isPlain(bytes: Buffer): boolean {
  return isAscii(bytes) && !bytes.includes(BACKSLASH) && !bytes.includes(DELETE);
}

function hasByte(bytes: Uint8Array, from: number, to: number, byte: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === byte) return true;
  return false;
}
