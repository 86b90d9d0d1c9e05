// The page: a text goes to the engine, its answers come below it. No answer is shown for a text that is no longer there.
import { Editor } from "./editor.js";
import { element, fill, part } from "./elements.js";
import { begin, engine as opened } from "./engine.js";
import { EXAMPLES } from "./examples.js";
import { Lists } from "./lists.js";
import { fitted, picture } from "./picture.js";
import { counted, findings, repair, tree, verdict, VERDICTS } from "./show.js";

/** @typedef {import("./text.js").Finding} Finding @typedef {{configs: any[], findings: Finding[], "more-findings": number, error?: string}} Checked */

const PAUSE = 350; // milliseconds without a key after which the engine is asked
const begun = await begin();
const engine = opened(begun, progress);
const editor = new Editor(changed);
const lists = new Lists(engine, editor, () => versions(part("qemu").value));
let asked = 0; // the number of the newest question
let timer = 0;
/** @type {Checked[]} the answers that are shown, one for each version */
let shown = [];
/** @type {Finding[]} what is underlined: the findings of all versions, each once */
let marked = [];

/** @param {string} told @param {number | null} share */
function progress(told, share) {
  say(told, true);
  part("progress").hidden = false;
  if (share === null) part("progress").removeAttribute("value");
  else part("progress").value = Math.min(1, share);
}

/**
 * @param {string} words
 * @param {boolean} [waiting]
 * @param {boolean} [again] whether it stands in the answer, too, and is said for those alone who hear the page
 */
function say(words, waiting = false, again = false) {
  part("state").textContent = words;
  part("state").classList.toggle("unseen", again);
  part("state").classList.toggle("waiting", waiting);
  part("answer").setAttribute("aria-busy", String(waiting));
}

/** @param {string} qemu */
function versions(qemu) {
  return { qemu, libvirt: part("libvirt").value, profile: part("profile").value };
}

// ------------------------------------------------------------------------------ asking
function changed() {
  const over = editor.excess;
  part("size").textContent = over ? `${over.toLocaleString("en")} bytes too many.` : "";
  part("undo").hidden = !editor.before.length;
  part("why-part").hidden = true;
  clearTimeout(timer);
  asked += 1;
  timer = setTimeout(ask, PAUSE);
}

async function ask() {
  clearTimeout(timer);
  const text = editor.value;
  const number = (asked += 1);
  if (!text.trim() || editor.excess) {
    shown = [];
    part("answers").replaceChildren();
    part("which-part").hidden = true;
    return say(editor.excess ? "This is too long for the page; qrules check reads longer ones." : "Paste a command line or XML, or pick a machine.");
  }
  say("The rules are asked …", true);
  const qemus = [part("qemu").value, part("other").value].filter((qemu, at) => !at || qemu);
  try {
    const answers = [];
    for (const qemu of qemus) answers.push(await engine.ask({ ask: "check", text, ...versions(qemu) }));
    part("progress").hidden = true;
    if (number === asked) await show(text, qemus, answers, number);
  } catch (why) {
    say(`The rules can't be asked: ${/** @type {Error} */ (why).message}`);
  }
}

/**
 * @param {string} text
 * @param {string[]} qemus
 * @param {any[]} answers
 * @param {number} number
 */
async function show(text, qemus, answers, number) {
  const wrong = answers.find((answer) => answer.error);
  if (wrong) {
    part("answers").replaceChildren();
    return say(wrong.error);
  }
  shown = answers;
  const [first] = shown;
  fill(part("which"), first.configs.map((config, at) => [String(at), `command line ${at + 1}, line ${config.line}`]));
  part("which-part").hidden = first.configs.length < 2;
  marked = [...new Map(shown.flatMap((answer) => answer.findings.map((found) => [key(found), found]))).values()];
  editor.mark(marked);
  const late = columns(text, qemus);
  const told = shown.map((answer) => [VERDICTS[config(answer).verdict], counted(own(answer))].filter(Boolean).join(" "));
  say(told.length > 1 ? `${qemu(first)}: ${told[0]} ${qemu(shown[1])}: ${told[1]}` : told[0], false, true);
  for (const act of late) {
    if (number !== asked) return;
    await act();
  }
  document.body.dataset.answered = String(number); // for tests: all of this answer is there
}

/** The config of an answer that is looked at. @param {Checked} answer */
const config = (answer) => answer.configs[Number(part("which").value) || 0] ?? answer.configs[0];
/** @param {Checked} answer */
const qemu = (answer) => (config(answer).qemu ? `QEMU ${config(answer).qemu}` : "no QEMU");
/** The findings about that config. @param {Checked} answer */
const own = (answer) => answer.findings.filter((found) => answer.configs[found.config] === config(answer));

// ------------------------------------------------------------------------------ showing
/**
 * A column for each version; what takes longer is left to be done after that, in order.
 * @param {string} text
 * @param {string[]} qemus
 * @returns {(() => Promise<void>)[]}
 */
function columns(text, qemus) {
  /** @type {(() => Promise<void>)[]} */
  const late = [];
  const made = shown.map((answer, at) => {
    const other = shown[1 - at];
    const same = new Set(other ? own(other).map(key) : []);
    const only = new Set(other ? own(answer).filter((found) => !same.has(key(found))) : []);
    const question = { text, config: answer.configs.indexOf(config(answer)), ...versions(qemus[at]) };
    const repairs = element("div", { class: "repairs" });
    const drawn = element("div", { class: "drawn" });
    if (["reject", "unknown"].includes(config(answer).verdict)) late.push(() => mend(repairs, question));
    if (config(answer).dot) late.unshift(() => draw(drawn, config(answer), question));
    return element(
      "section",
      { class: "column", "aria-label": qemu(answer) },
      verdict(config(answer), own(answer)),
      element("h3", {}, "What is found"),
      findings(own(answer), { go: (index) => editor.go(index), index: (found) => marked.findIndex((one) => key(one) === key(found)), only }),
      answer["more-findings"] ? element("p", {}, `${answer["more-findings"]} more findings are not shown.`) : null,
      repairs,
      standing(config(answer), drawn),
    );
  });
  part("answers").classList.toggle("two", made.length > 1);
  part("answers").replaceChildren(...made);
  return late;
}

/** What two findings have in common that are the same. @param {Finding} found */
const key = (found) => JSON.stringify([found.config, found.rule, found.level, found.message, found.line, found.column]);

/** @param {any} config @param {HTMLElement} drawn */
function standing(config, drawn) {
  if (!config.topology) return null;
  const details = element("details", {}, element("summary", {}, "The same as a list: what stands where, which places are free"), tree(config.topology));
  return element("div", {}, element("h3", {}, config.verdict === "reject" ? "What would stand" : "What stands"), drawn, details);
}

/** @param {HTMLElement} place @param {any} config @param {object} question */
async function draw(place, config, question) {
  try {
    const box = element("div", { class: "picture", tabindex: 0, role: "region", "aria-label": "Picture of the machine, scrolls" });
    box.append(picture(await engine.draw(question, fitted(config.dot)), `${config.machine} and what stands on its buses; the list below says the same`));
    place.replaceChildren(box);
  } catch (why) {
    place.replaceChildren(element("p", { class: "help" }, `There is no picture: ${/** @type {Error} */ (why).message}`));
    place.parentElement?.querySelector("details")?.setAttribute("open", "");
  }
}

/** @param {HTMLElement} place @param {object} question */
async function mend(place, question) {
  place.replaceChildren(element("p", { class: "help" }, "Repairs are being tried …"));
  const answer = await engine.ask({ ask: "mend", ...question });
  const found = /** @type {import("./show.js").Repair[]} */ (answer.repairs ?? []);
  const rows = found.map((one, at) => repair(one, at + 1, mended));
  const none = answer.error ?? "No repair was found.";
  place.replaceChildren(element("h3", {}, "What would help (each was tried on the rules)"), ...(rows.length ? rows : [element("p", {}, none)]));
}

/** Takes a repair over; the button that did it goes with the answer, so who uses keys is led to the next one. @param {string} text */
function mended(text) {
  editor.replace(text);
  part("answer").focus();
}

// ------------------------------------------------------------------------------ beginning
function choices(/** @type {any} */ about) {
  const all = [...new Set(about.arches.flatMap((/** @type {{qemu: string[]}} */ arch) => arch.qemu))].sort(newest);
  fill(part("qemu"), [["", `${about.qemu} (newest)`], ...all.filter((version) => version !== about.qemu).map((version) => /** @type {[string, string]} */ ([version, version]))]);
  fill(part("other"), [["", "nothing"], ...all.map((version) => /** @type {[string, string]} */ ([version, version]))]);
  const libvirts = [...about.libvirt].sort(newest);
  fill(part("libvirt"), libvirts.map((version, at) => [at ? version : "", at ? version : `${version} (newest)`]));
  const names = { qemu: "does QEMU start it?", guideline: "is it good practice?" };
  fill(part("profile"), [["", "all"], ...about.profiles.map((/** @type {string} */ profile) => [profile, names[/** @type {"qemu"} */ (profile)] ?? profile])]);
}

/** @param {string} a @param {string} b */
const newest = (a, b) => b.localeCompare(a, "en", { numeric: true });

async function start() {
  part("text").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => (event.ctrlKey || event.metaKey) && event.key === "Enter" && ask());
  for (const id of ["qemu", "other", "libvirt", "profile"]) part(id).addEventListener("change", changed);
  part("which").addEventListener("change", () => show(editor.value, [part("qemu").value, part("other").value], shown, asked));
  part("undo").addEventListener("click", () => editor.undo());
  for (const button of document.querySelectorAll("button[data-try]")) {
    button.addEventListener("click", () => editor.replace(EXAMPLES[/** @type {HTMLElement} */ (button).dataset.try ?? ""]));
  }
  if (begun.engine === "here") {
    part("where").textContent = `Answered by qrules on this machine${begun.name ? `: ${begun.name}` : ""}.`;
    part("more").textContent = "Text goes to the qrules that you started, and nowhere else.";
  }
  part("text").disabled = false;
  const about = await engine.ask({ ask: "about" });
  if (about.error) return say(about.error);
  part("progress").hidden = true;
  editor.most = about["most-bytes"];
  choices(about);
  for (const id of /** @type {const} */ (["qemu", "libvirt"])) if (begun[id]) part(id).value = begun[id];
  lists.offer(about.arches.map((/** @type {{arch: string}} */ one) => one.arch), begun.arch ?? about.arch);
  part("version").textContent = `qrules ${about.qrules}.`;
  document.body.dataset.ready = "";
  if (begun.text && !editor.value) editor.replace(begun.text);
  return ask();
}

start().catch((why) => {
  part("progress").hidden = true;
  say(`The page can't start: ${why.message}`);
});
