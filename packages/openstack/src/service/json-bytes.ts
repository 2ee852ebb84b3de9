// for this file alone, though others have the same: loops over exported constants take a third longer (Node 24)
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;
const UNICODE_ESCAPE = 0x75; // "u"
const UNICODE_DIGITS = 4;
/** How deep values may lie in each other: nothing that OpenStack sends comes near. */
const MAX_DEPTH = 256;
const LITERALS = ["true", "false", "null"].map((text) => Buffer.from(text));
/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const IS_OF_NUMBER = tableOf("0123456789+-.eE");
const IS_ESCAPED = tableOf('"\\/bfnrtu');
const IS_HEX_DIGIT = tableOf("0123456789abcdefABCDEF");

/**
 * Where a value of JSON ends that begins there. Each byte of an inventory passes here, so it makes no objects.
 *
 * @returns the index behind its last byte
 * @throws SyntaxError it is no JSON, or ends too early
 */
export function endOfValue(bytes: Uint8Array, from: number, depth = 0): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfString(bytes, from);
  if (first === OPENING_BRACE) return endOfObject(bytes, from, depth + 1);
  if (first === OPENING_BRACKET) return endOfArray(bytes, from, depth + 1);
  if (first !== undefined && IS_OF_NUMBER[first] === 1) return endOfNumber(bytes, from);
  return endOfLiteral(bytes, from);
}

/** @returns the index of the first byte from there on that is no white space */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return at;
    at += 1;
  }
}

function endOfObject(bytes: Uint8Array, from: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new SyntaxError("Values lie too deep in each other.");
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === CLOSING_BRACE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) throw wrong(bytes, at);
    at = skipSpace(bytes, endOfString(bytes, at));
    if (bytes[at] !== COLON) throw wrong(bytes, at);
    at = skipSpace(bytes, endOfValue(bytes, skipSpace(bytes, at + 1), depth));
    if (bytes[at] === CLOSING_BRACE) return at + 1;
    if (bytes[at] !== COMMA) throw wrong(bytes, at);
    at = skipSpace(bytes, at + 1);
  }
}

function endOfArray(bytes: Uint8Array, from: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new SyntaxError("Values lie too deep in each other.");
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === CLOSING_BRACKET) return at + 1;
  for (;;) {
    at = skipSpace(bytes, endOfValue(bytes, at, depth));
    if (bytes[at] === CLOSING_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) throw wrong(bytes, at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Where a string ends that begins there. @throws SyntaxError as {@link endOfValue} does */
export function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at = endOfEscape(bytes, at);
    else if (byte === undefined || byte < SPACE) throw wrong(bytes, at);
  }
}

/** @returns the index of its last byte */
function endOfEscape(bytes: Uint8Array, from: number): number {
  const escaped = bytes[from + 1];
  if (escaped === undefined || IS_ESCAPED[escaped] !== 1) throw wrong(bytes, from + 1);
  if (escaped !== UNICODE_ESCAPE) return from + 1;
  for (let digit = 0; digit < UNICODE_DIGITS; digit += 1) {
    const at = from + 2 + digit;
    if (IS_HEX_DIGIT[bytes[at] ?? 0] !== 1) throw wrong(bytes, at);
  }
  return from + 1 + UNICODE_DIGITS;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at] as number)) at += 1;
  // whole numbers, as most are, need no second look
  const is_whole = at > from && (bytes[from] !== ZERO || at === from + 1);
  if (is_whole && IS_OF_NUMBER[bytes[at] ?? 0] !== 1) return at;
  while (IS_OF_NUMBER[bytes[at] ?? 0] === 1) at += 1;
  if (!NUMBER.test(textOf(bytes, from, at))) throw wrong(bytes, from);
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function endOfLiteral(bytes: Uint8Array, from: number): number {
  for (const literal of LITERALS) {
    if (bytes[from] !== literal[0]) continue;
    const to = from + literal.length;
    for (let at = 1; at < literal.length; at += 1)
      if (bytes[from + at] !== literal[at]) throw wrong(bytes, from + at);
    return to;
  }
  throw wrong(bytes, from);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}

/** What is wrong with that byte. */
export function wrong(bytes: Uint8Array, at: number): SyntaxError {
  const byte = bytes[at];
  if (byte === undefined) return new SyntaxError("The answer ends too early.");
  return new SyntaxError(`The answer is no JSON: byte ${at} is 0x${byte.toString(16).padStart(2, "0")}.`);
}

/** 1 for each byte that is in the text. */
function tableOf(text: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(text)) table[byte] = 1;
  return table;
}
