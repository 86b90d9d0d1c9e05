// Graphviz in a worker: a graph in its language to an SVG picture.
import { answering } from "./serving.js";

async function open() {
  const { Graphviz } = await import(new URL("graphviz/index.js", import.meta.url).href);
  const graphviz = await Graphviz.load();
  return (/** @type {string} */ dot) => graphviz.dot(dot);
}

export const serve = () => answering(open);
