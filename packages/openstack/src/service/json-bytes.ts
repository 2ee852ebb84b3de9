const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;
/** How deep values may lie in each other; a site that sends more sends no resources. */
const MAX_DEPTH = 256;
const LITERALS = ["true", "false", "null"].map((text) => Buffer.from(text));
/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
/** By byte: 1 where it may be of a number. */
const IS_OF_NUMBER = new Uint8Array(256);
for (const code of Buffer.from("0123456789+-.eE")) IS_OF_NUMBER[code] = 1;
const HEXADECIMAL = /^[0-9a-fA-F]{4}$/;

/**
 * Where a value of JSON ends that begins there. Each byte of an inventory passes here, so it makes no objects.
 *
 * @returns the index behind its last byte
 * @throws SyntaxError it is no JSON, or ends too early
 */
export function endOfValue(bytes: Uint8Array, at: number, depth = 0): number {
  const first = bytes[at] as number;
  if (first === QUOTE) return endOfString(bytes, at);
  if (first === OPENING_BRACE) return endOfObject(bytes, at, depth + 1);
  if (first === OPENING_BRACKET) return endOfArray(bytes, at, depth + 1);
  for (const literal of LITERALS) if (first === literal[0]) return endOfLiteral(bytes, at, literal);
  return endOfNumber(bytes, at);
}

/** @returns the index of the first byte from there on that is no white space */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at] as number)) at += 1;
  return at;
}
