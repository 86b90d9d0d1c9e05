// Where a finding stands in a text. The engine counts lines and characters from 1; browsers count UTF-16 units from 0.

/**
 * @typedef {{rule: string, level: string, message: string, "emulator-message": string, instead: string, profile: string,
 *   where: {file: string, line: number} | null, see: string[], line: number, column: number, "end-line": number,
 *   "end-column": number, config: number}} Finding
 * @typedef {{from: number, to: number, findings: number[]}} Stretch
 */

/**
 * The offset of a line and a column, both from 1.
 * @param {string[]} lines
 * @param {number} line
 * @param {number} column in characters (code points)
 */
function offset(lines, line, column) {
  let at = 0;
  for (let number = 0; number < Math.min(line - 1, lines.length); number += 1) at += lines[number].length + 1;
  const own = lines[line - 1] ?? "";
  return at + Array.from(own).slice(0, Math.max(0, column - 1)).join("").length;
}

/**
 * Where a finding begins and ends. One that has no end is about the word that it begins with.
 * @param {string} text
 * @param {Finding} finding
 * @returns {[number, number]}
 */
export function range(text, finding) {
  const lines = text.split("\n");
  if (!finding.line) return [0, 0];
  const from = offset(lines, finding.line, finding.column || 1);
  if (finding["end-line"]) return [from, Math.max(from, offset(lines, finding["end-line"], finding["end-column"]))];
  const word = /^\S*/.exec(text.slice(from));
  return [from, from + (word ? word[0].length : 0)];
}

/**
 * A text cut where findings begin and end, in order.
 * @param {string} text
 * @param {Finding[]} findings
 * @returns {Stretch[]}
 */
export function stretches(text, findings) {
  const ranges = findings.map((finding) => range(text, finding));
  const cuts = [...new Set([0, text.length, ...ranges.flat()])].sort((a, b) => a - b);
  /** @type {Stretch[]} */
  const found = [];
  for (let number = 0; number + 1 < cuts.length; number += 1) {
    const [from, to] = [cuts[number], cuts[number + 1]];
    const here = ranges.flatMap(([begin, end], index) => (begin <= from && to <= end && begin < end ? [index] : []));
    found.push({ from, to, findings: here });
  }
  return found;
}

/** @param {string} text */
export const bytes = (text) => new TextEncoder().encode(text).length;
