// qrules in a worker: Python compiled to WebAssembly, the rules compiled, and one function that answers.
import { answering } from "./serving.js";

/** @param {string} told @param {number | null} share */
const progress = (told, share = null) => postMessage({ progress: told, share });

/**
 * The bytes of a file of this site, with how much of it is there.
 * @param {string} name
 * @param {(got: number) => void} got
 */
async function bytesOf(name, got) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok || !answer.body) throw new Error(`${name}: ${answer.status} ${answer.statusText}`);
  const parts = [];
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    got(part.value.length);
  }
  return new Blob(parts).arrayBuffer();
}

const UNPACK = `
import importlib, sys, tarfile
with tarfile.open("/engine.tar.xz") as packed:
    packed.extractall("/engine", filter="data")
sys.path.insert(0, "/engine")
importlib.invalidate_caches()
from qrules.page.questions import Page
Page(compiled=True).ask
`;

async function open() {
  progress("Loading the rules …", 0);
  const sizes = await (await fetch(new URL("engine/sizes.json", import.meta.url))).json();
  const all = Object.values(sizes).reduce((a, b) => a + b, 0);
  let there = 0;
  const got = (/** @type {number} */ more) => progress("Loading the rules …", (there += more) / all);
  const { loadPyodide } = await import(new URL("engine/pyodide.mjs", import.meta.url).href);
  const [python, rules] = await Promise.all([
    loadPyodide({ indexURL: new URL("engine/", import.meta.url).href }).then((/** @type {any} */ made) => {
      got(all - (sizes["engine.tar.xz"] ?? 0));
      return made;
    }),
    bytesOf("engine/engine.tar.xz", got),
  ]);
  progress("Unpacking the rules …", null);
  python.FS.writeFile("/engine.tar.xz", new Uint8Array(rules));
  const ask = python.runPython(UNPACK);
  python.FS.unlink("/engine.tar.xz");
  return (/** @type {string} */ question) => ask(question);
}

export const serve = () => answering(open);
