// Picking a machine and devices from lists: what comes of it is a command line in the text.
import { element, fill, part } from "./elements.js";

/** @typedef {import("./engine.js").Engine} Engine @typedef {import("./editor.js").Editor} Editor */

export class Lists {
  /**
   * @param {Engine} engine
   * @param {Editor} editor
   * @param {() => object} versions what is judged by
   */
  constructor(engine, editor, versions) {
    this.engine = engine;
    this.editor = editor;
    this.versions = versions;
    /** @type {Map<string, {takes: boolean, bus: string | null}>} */
    this.types = new Map();
    part("lists").addEventListener("toggle", () => part("lists").open && !part("machine").options.length && this.#machines());
    part("arch").addEventListener("change", () => this.#machines());
    part("machine").addEventListener("change", () => this.#types());
    part("nodefaults").addEventListener("change", () => this.#types());
    part("device").addEventListener("input", () => this.#told());
    part("start").addEventListener("click", () => this.#start());
    part("add").addEventListener("click", () => this.#add());
    part("why").addEventListener("click", () => this.#why());
  }

  /** @param {string[]} arches @param {string} usual */
  offer(arches, usual) {
    fill(part("arch"), arches.map((arch) => [arch, arch]));
    part("arch").value = usual;
  }

  async #machines() {
    const answer = await this.engine.ask({ ask: "machines", arch: part("arch").value, ...this.#qemu() });
    if (answer.error) return this.#say(answer.error);
    const machines = /** @type {{name: string, aliases: string[], description: string | null}[]} */ (answer.machines);
    machines.sort((a, b) => b.aliases.length - a.aliases.length || a.name.localeCompare(b.name));
    fill(part("machine"), machines.map(({ name, aliases, description }) => [aliases[0] ?? name, [aliases.length ? `${aliases.join(", ")} = ${name}` : name, description].filter(Boolean).join(": ")]));
    return this.#types();
  }

  async #types() {
    const question = { arch: part("arch").value, machine: part("machine").value, nodefaults: part("nodefaults").checked, ...this.#qemu() };
    const answer = await this.engine.ask({ ask: "types", ...question });
    if (answer.error) return this.#say(answer.error);
    const types = /** @type {{name: string, takes: boolean, bus: string | null, description: string | null}[]} */ (answer.types);
    this.types = new Map(types.map((type) => [type.name, type]));
    types.sort((a, b) => Number(b.takes) - Number(a.takes));
    part("devices").replaceChildren(...types.map(({ name, takes, bus, description }) => {
      const where = takes ? (bus ? `goes to ${bus}` : "needs no bus") : "has no bus here";
      return element("option", { value: name }, [where, description].filter(Boolean).join("; "));
    }));
    const taken = types.filter(({ takes }) => takes).length;
    return this.#say(`${taken} of ${types.length} device types have a bus on ${answer.machine}.`);
  }

  /** What is told of a name while it is written. */
  #told() {
    const type = this.types.get(part("device").value.split(",")[0]);
    if (type) this.#say(type.takes ? (type.bus ? `It goes to ${type.bus}.` : "It needs no bus.") : "This machine has no bus for it as it stands: ask why.");
  }

  #start() {
    const words = [`qemu-system-${part("arch").value} -M ${part("machine").value}`, part("nodefaults").checked ? "-nodefaults" : ""];
    if (part("machine").value) this.editor.replace(`${words.filter(Boolean).join(" ")}\n`);
  }

  #add() {
    const device = part("device").value.trim();
    if (!device) return this.#say("Name a device first.");
    const text = this.editor.value.trimEnd();
    if (text.startsWith("<")) return this.#say("This is XML: devices are added to a command line.");
    if (!text) this.#start();
    return this.editor.replace(`${this.editor.value.trimEnd()} \\\n  -device ${device}\n`);
  }

  async #why() {
    const device = part("device").value.trim();
    if (!device) return this.#say("Name a device first.");
    if (!this.editor.value.trim()) this.#start();
    const answer = await this.engine.ask({ ask: "why", text: this.editor.value, device, ...this.versions() });
    part("why-title").textContent = `Can ${device} plug in here?`;
    part("why-text").textContent = answer.error ?? answer.text;
    part("why-part").hidden = false;
    return part("why-title").focus();
  }

  #qemu() {
    return { qemu: part("qemu").value };
  }

  /** @param {string} words */
  #say(words) {
    part("device-help").textContent = words;
  }
}
