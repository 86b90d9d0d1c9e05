// What answers the page: the rules in a worker of this browser (Pyodide), or a server on this machine (`qrules open`).

/**
 * @typedef {Record<string, any>} Answer
 * @typedef {{ask: (question: object) => Promise<Answer>, draw: (question: object, dot: string) => Promise<string>}} Engine
 * @typedef {{engine: "here" | "pyodide", text: string, name: string, arch: string | null, qemu: string | null,
 *   libvirt: string | null, bytes?: number}} Begin
 */

/** What the page begins with. @returns {Promise<Begin>} */
export async function begin() {
  return (await fetch("begin.json")).json();
}

/**
 * The engine that the page was built for.
 * @param {Begin} begun
 * @param {(told: string, share: number | null) => void} progress is told what goes on, and how much of it is done
 * @returns {Engine}
 */
export function engine(begun, progress) {
  return begun.engine === "here" ? overHttp() : inWorker(progress);
}

/** @returns {Engine} */
function overHttp() {
  /** @param {object} question */
  const ask = async (question) => {
    const answer = await fetch("ask", { method: "POST", body: JSON.stringify(question) });
    return answer.json();
  };
  const draw = async (/** @type {object} */ question) => {
    const drawn = await ask({ ...question, ask: "draw" });
    if (drawn.error) throw new Error(drawn.error);
    return drawn.svg;
  };
  return { ask, draw };
}

/**
 * @param {(told: string, share: number | null) => void} progress
 * @returns {Engine}
 */
function inWorker(progress) {
  let rules = started("engine-worker.js", progress);
  /** @type {ReturnType<typeof started> | null} */
  let graphviz = null;
  return {
    ask: async (question) => {
      try {
        return JSON.parse(await rules.ask(JSON.stringify(question)));
      } catch (why) { // it raises for no question, so it ran out of something
        rules.end();
        rules = started("engine-worker.js", progress);
        throw new Error(`it was too much for the engine of this page, which is started anew (${/** @type {Error} */ (why).message})`);
      }
    },
    draw: (question, dot) => (graphviz ??= started("graphviz-worker.js", () => {})).ask(dot),
  };
}

/**
 * A worker that answers texts with texts, in turn. It is made of a blob, so that the policy of this page binds it, too.
 * @param {string} file
 * @param {(told: string, share: number | null) => void} progress
 * @returns {{ask: (question: string) => Promise<string>, end: () => void}}
 */
function started(file, progress) {
  const source = `import { serve } from ${JSON.stringify(new URL(file, import.meta.url).href)}; serve();`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  /** @type {Map<number, {resolve: (text: string) => void, reject: (why: Error) => void}>} */
  const waiting = new Map();
  let last = 0;
  const failed = (/** @type {string} */ why) => {
    for (const one of waiting.values()) one.reject(new Error(why));
    waiting.clear();
  };
  worker.onmessage = ({ data }) => {
    if ("progress" in data) return progress(data.progress, data.share);
    if ("failed" in data) return failed(data.failed);
    const one = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) one?.reject(new Error(data.error));
    else one?.resolve(data.answer);
  };
  worker.onerror = (event) => failed(event.message || `${file} could not be loaded`);
  const ask = (/** @type {string} */ question) =>
    new Promise((/** @type {(text: string) => void} */ resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.postMessage({ id: last, question });
    });
  return { ask, end: () => worker.terminate() };
}
