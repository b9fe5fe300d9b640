/** One more than the largest code point. */
export const CODE_POINTS = 0x110000;

/** U+FEFF, which some programs put at the start of a file to say that it is Unicode; there it is no part of the text. */
export const BYTE_ORDER_MARK = 0xfeff;
