// The text with what is wrong underlined, and why where one points or where the cursor is.
import { bytes, range, stretches } from "./text.js";
import { element, part } from "./elements.js";

/** @typedef {import("./text.js").Finding} Finding */

const WORST = ["error", "unreadable", "unknown", "warning", "note", "given"];

export class Editor {
  /** @param {(text: string) => void} changed is told each change, also of the page's own */
  constructor(changed) {
    /** @type {HTMLTextAreaElement} */
    this.text = part("text");
    this.marks = part("marks");
    this.tip = part("tip");
    /** @type {Finding[]} */
    this.findings = [];
    this.changed = changed;
    this.most = Infinity;
    /** @type {string[]} texts that the page itself replaced */
    this.before = [];
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("scroll", () => this.#follow());
    this.text.addEventListener("mousemove", (event) => this.#point(event));
    this.text.addEventListener("mouseleave", () => this.#hide());
    this.text.addEventListener("blur", () => this.#hide());
    this.text.addEventListener("keydown", (event) => event.key === "Escape" && this.#hide());
    document.addEventListener("selectionchange", () => document.activeElement === this.text && this.#cursor());
  }

  get value() {
    return this.text.value;
  }

  /** Puts another text in place of this one, which can be had back. @param {string} text */
  replace(text) {
    if (this.text.value.trim()) this.before.push(this.text.value);
    this.#put(text);
  }

  /** The text before the page replaced it. */
  undo() {
    const text = this.before.pop();
    if (text !== undefined) this.#put(text);
  }

  /** @param {string} text */
  #put(text) {
    this.text.value = text;
    this.#typed();
  }

  /** Bytes that the text has too many. */
  get excess() {
    return Math.max(0, bytes(this.value) - this.most);
  }

  #typed() {
    this.findings = [];
    this.#draw();
    this.#hide();
    this.changed(this.value);
  }

  /** Underlines what is found. @param {Finding[]} findings */
  mark(findings) {
    this.findings = findings;
    this.#draw();
  }

  /** Shows a finding in the text. @param {number} index */
  go(index) {
    const [from, to] = range(this.value, this.findings[index]);
    this.text.focus();
    this.text.setSelectionRange(from, to);
    const own = this.marks.querySelector(`mark[data-findings~="${index}"]`);
    if (own) this.text.scrollTop = Math.max(0, own.offsetTop - 40);
    this.#follow();
  }

  #draw() {
    const text = this.value;
    const parts = stretches(text, this.findings).map(({ from, to, findings }) => {
      const words = text.slice(from, to);
      if (!findings.length) return document.createTextNode(words);
      const level = WORST.find((word) => findings.some((index) => this.findings[index].level === word)) ?? "note";
      return element("mark", { class: level, "data-findings": findings.join(" ") }, words);
    });
    this.marks.replaceChildren(...parts, "\n ");
    this.#follow();
  }

  #follow() {
    this.marks.scrollTop = this.text.scrollTop;
  }

  /** @param {MouseEvent} event */
  #point(event) {
    const mark = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("#marks mark"));
    if (mark) this.#show(/** @type {HTMLElement} */ (mark));
    else this.#hide();
  }

  #cursor() {
    const at = this.text.selectionStart;
    const index = this.findings.findIndex((found) => {
      const [from, to] = range(this.value, found);
      return from <= at && at <= to && from < to;
    });
    const mark = index < 0 ? null : this.marks.querySelector(`mark[data-findings~="${index}"]`);
    if (mark) this.#show(mark);
    else this.#hide();
  }

  /** @param {HTMLElement} mark */
  #show(mark) {
    const here = String(mark.dataset.findings).split(" ").map(Number);
    this.#here(here);
    this.tip.replaceChildren(...here.slice(0, 3).flatMap((index) => {
      const found = this.findings[index];
      return [element("p", {}, found.message), found.instead ? element("p", { class: "try" }, found.instead) : null].filter((row) => row !== null);
    }));
    this.tip.hidden = false;
    const box = this.text.getBoundingClientRect();
    const own = mark.getBoundingClientRect();
    this.tip.style.setProperty("top", `${Math.min(own.bottom, box.bottom) - box.top + 6}px`);
    const most = Math.max(0, box.width - this.tip.offsetWidth);
    this.tip.style.setProperty("left", `${Math.min(most, Math.max(0, own.left - box.left))}px`);
  }

  #hide() {
    this.tip.hidden = true;
    this.#here([]);
  }

  /** @param {number[]} indexes of findings that are meant */
  #here(indexes) {
    for (const mark of this.marks.querySelectorAll("mark")) {
      mark.classList.toggle("here", indexes.some((index) => mark.dataset.findings.split(" ").includes(String(index))));
    }
    for (const row of document.querySelectorAll("li[data-finding]")) {
      row.classList.toggle("here", indexes.includes(Number(/** @type {HTMLElement} */ (row).dataset.finding)));
    }
  }
}
