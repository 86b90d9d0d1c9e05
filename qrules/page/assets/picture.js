// Graphviz's SVG as a part of the page: what it draws with is copied piece by piece, so nothing else can come along.

const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = new Set(["svg", "g", "title", "polygon", "polyline", "path", "ellipse", "text"]);
const ATTRIBUTES = new Set(
  "class cx cy d fill font-family font-size font-weight height points rx ry stroke stroke-width text-anchor transform viewBox width x y".split(" "),
);

const SAMPLE = "abcdefghijklmnopqrstuvwxyz0123456789";
const ARIAL = 1829; // its width in Arial of 100 pixels

/**
 * A graph with fonts whose widths Graphviz knows without having them: lists of fonts it takes for Times, which is narrow. Where
 * this browser's sans-serif is wider than Arial the boxes are made for a font that is wider still.
 * @param {string} dot
 */
export function fitted(dot) {
  const canvas = document.createElement("canvas").getContext("2d");
  let face = "Verdana";
  if (canvas) {
    canvas.font = "100px Arial, Helvetica, sans-serif";
    if (canvas.measureText(SAMPLE).width < ARIAL * 1.03) face = "Arial";
  }
  return dot.replaceAll("Helvetica,Arial,sans-serif", face).replaceAll("Courier,monospace", "Courier");
}

/**
 * @param {string} text an SVG document
 * @param {string} label what it shows, for those who don't see it
 * @returns {SVGElement}
 */
export function picture(text, label) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  const made = copied(read.documentElement);
  if (!(made instanceof SVGElement)) throw new Error("Graphviz drew nothing.");
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

/**
 * @param {Element} from
 * @returns {SVGElement | null}
 */
function copied(from) {
  if (from.namespaceURI !== SVG) return null;
  if (!ELEMENTS.has(from.localName)) return from.localName === "a" ? inside(from, document.createElementNS(SVG, "g")) : null;
  const made = document.createElementNS(SVG, from.localName);
  for (const { name, value } of from.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
  return inside(from, made);
}

/**
 * @param {Element} from
 * @param {SVGElement} made
 */
function inside(from, made) {
  for (const child of from.childNodes) {
    if (child instanceof Text) made.append(child.data);
    else if (child instanceof Element) {
      const copy = copied(child);
      if (copy) made.append(copy);
    }
  }
  const tip = from.getAttributeNS("http://www.w3.org/1999/xlink", "title");
  if (tip) {
    const title = document.createElementNS(SVG, "title");
    title.textContent = tip;
    made.prepend(title);
  }
  return made;
}
