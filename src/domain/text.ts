/** Nothing but characters that are drawn as nothing: blanks, controls, joiners, fillers. */
const NOTHING_VISIBLE =
  /^[\p{White_Space}\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** A joiner or a variation selector may end a word or an emoji; these characters end nothing. */
const BLANK = String
  .raw`[\p{White_Space}\p{Control}\u00ad\u115f\u1160\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0]`;
const BLANK_EDGE = new RegExp(`^${BLANK}|${BLANK}$`, "u");

/** Whether a reader would see nothing of the text. */
export function isBlank(text: string): boolean {
  return NOTHING_VISIBLE.test(text);
}

/** Whether the text begins or ends in a blank, so that a reader takes it for another text. */
export function hasBlankEdge(text: string): boolean {
  return BLANK_EDGE.test(text);
}
