// An answer of the engine as a part of the page.
import { copy, element } from "./elements.js";

/**
 * @typedef {import("./text.js").Finding} Finding
 * @typedef {{total: number, free: number} | null} Room
 * @typedef {{id: string, type: string, hotpluggable: boolean, slots: Room, free: string[], devices: Device[]}} Bus
 * @typedef {{type: string, id: string | null, address: string | null, by: string, buses: Bus[]}} Device
 * @typedef {{buses: Bus[], busless: Device[]}} Topology
 * @typedef {{verdict: string, line: number, machine: string | null, arch: string | null, qemu: string | null, libvirt: string | null,
 *   topology: Topology | null, dot: string | null}} Config
 * @typedef {{title: string, text: string, diff: string[]}} Repair
 */

/** @type {Record<string, string>} */
export const VERDICTS = {
  accept: "Accepted: it would start.",
  warn: "Accepted, with a warning: it would start.",
  reject: "Rejected: it would not start.",
  unknown: "Unknown: the rules do not say.",
  unreadable: "This can't be read.",
};
/** @type {Record<string, string>} */
const LEVELS = { error: "Error", warning: "Warning", unknown: "Unknown", unreadable: "Unreadable", note: "Note", given: "Taken as given" };

/** What is counted, in words. @param {Finding[]} findings */
export function counted(findings) {
  const told = [];
  for (const [level, one, more] of [["error", "error", "errors"], ["unreadable", "mistake", "mistakes"], ["unknown", "unknown", "unknown"], ["warning", "warning", "warnings"]]) {
    const number = findings.filter((found) => found.level === level).length;
    if (number) told.push(`${number} ${number === 1 ? one : more}`);
  }
  return told.length ? `${told.join(", ")}.` : "";
}

/** The verdict. @param {Config} config @param {Finding[]} findings */
export function verdict(config, findings) {
  const about = [config.machine, config.arch, config.qemu && `QEMU ${config.qemu}`, config.libvirt && `libvirt ${config.libvirt}`];
  return element("p", { class: `verdict ${config.verdict}` }, [VERDICTS[config.verdict] ?? config.verdict, counted(findings)].filter(Boolean).join(" "), element("small", {}, about.filter(Boolean).join(", ")));
}

/**
 * The findings as a list. `only` are those that the other version does not have.
 * @param {Finding[]} findings
 * @param {{go: (index: number) => void, index: (found: Finding) => number, only: Set<Finding>}} how
 */
export function findings(findings, how) {
  if (!findings.length) return element("p", { class: "help" }, "Nothing is found.");
  return element("ul", { class: "findings" }, ...findings.map((found) => finding(found, how)));
}

/**
 * @param {Finding} found
 * @param {{go: (index: number) => void, index: (found: Finding) => number, only: Set<Finding>}} how
 */
function finding(found, how) {
  const index = how.index(found);
  const rule = found.where ? `${found.rule}, ${found.where.file}:${found.where.line}` : found.rule;
  const rows = [["says", found["emulator-message"]], ["try", found.instead], ["rule", rule], ...found.see.map((see) => ["source", see])];
  const line = found.line ? element("button", { type: "button", "aria-label": `line ${found.line}, show it in the text`, onclick: () => how.go(index) }, `line ${found.line}`) : null;
  return element(
    "li",
    { class: found.level, "data-finding": index },
    element("div", { class: "finding-head" }, element("span", { class: "level" }, LEVELS[found.level] ?? found.level), line, how.only.has(found) ? element("span", { class: "only" }, "only in this version") : null),
    element("div", {}, found.message),
    element("dl", {}, ...rows.filter(([, words]) => words).flatMap(([name, words]) => [element("dt", {}, name), element("dd", {}, words)])),
  );
}

/**
 * A repair: what it does, the difference, and ways to take it.
 * @param {Repair} repair
 * @param {number} number
 * @param {(text: string) => void} take puts the mended text in place of the other
 */
export function repair(repair, number, take) {
  const diff = element("pre", { tabindex: 0, "aria-label": `Difference of repair ${number}` }, ...repair.diff.slice(2).map(row));
  const button = (/** @type {string} */ words, /** @type {(button: HTMLElement) => void} */ act, main = false) =>
    element("button", { type: "button", class: main ? "main" : null, onclick: (/** @type {Event} */ event) => act(/** @type {HTMLElement} */ (event.currentTarget)) }, words);
  return element(
    "div",
    { class: "repair" },
    element("p", {}, `${number}. ${repair.title}`),
    diff,
    element(
      "div",
      { class: "buttons" },
      button("Mend the text so", () => take(repair.text), number === 1),
      button("Copy the difference", (own) => copy(own, `${repair.diff.join("\n")}\n`)),
      button("Copy the mended text", (own) => copy(own, repair.text)),
    ),
  );
}

/** A line of a difference. @param {string} line */
function row(line) {
  const kind = { "+": "plus", "-": "minus", "@": "at" }[line[0]] ?? "same";
  return element("span", { class: kind }, line.length > 1 || kind === "same" ? `${line}\n` : `${line} \n`);
}

/**
 * What stands where, as lists within lists: what the picture shows, for every reader.
 * @param {Topology} topology
 */
export function tree(topology) {
  const loose = topology.busless.length ? [element("li", {}, "on no bus", devices(topology.busless))] : [];
  return element("div", { class: "tree" }, element("ul", {}, ...topology.buses.map(bus), ...loose));
}

/** @param {Bus} found @returns {HTMLElement} */
function bus(found) {
  const facts = [found.type, found.hotpluggable ? "hot-plug" : "", found.slots ? `${found.slots.free} of ${found.slots.total} free` : ""];
  const free = found.slots?.free && found.free.length ? element("div", { class: "free" }, `free: ${ranges(found.free)}`) : null;
  return element("li", {}, element("strong", {}, found.id), " ", element("span", { class: "facts" }, facts.filter(Boolean).join(", ")), devices(found.devices), free);
}

const MOST = 12; // ranges that are told of one bus

/** @param {string[]} free */
function ranges(free) {
  return free.length <= MOST ? free.join(", ") : `${free.slice(0, MOST).join(", ")} and ${free.length - MOST} more`;
}

/** @param {Device[]} found */
function devices(found) {
  if (!found.length) return null;
  return element("ul", {}, ...found.map((device) => {
    const name = device.id ? `${device.type} '${device.id}'` : device.type;
    const words = device.address ? `${device.address}  ${name}` : name;
    const mine = device.by === "config";
    const below = device.buses.length ? element("ul", {}, ...device.buses.map(bus)) : null;
    return element("li", {}, element("span", { class: mine ? "mine" : "" }, words), mine ? element("span", { class: "facts" }, " yours") : null, below);
  }));
}
