// The TextMate grammar over every rule file that qrules ships: each line is read to its end, and words are what they are.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const HERE = path.join(__dirname, "..");
const RULES = path.join(HERE, "..", "..", "rules");

async function grammar() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM({ data: wasm });
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => {
      const file = path.join(HERE, "syntaxes", "qr.tmLanguage.json");
      return textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file);
    },
  });
  return registry.loadGrammar("source.qr");
}

const made = grammar();

function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* files(full);
    } else if (entry.name.endsWith(".qr")) {
      yield full;
    }
  }
}

async function scopes(line) {
  const { tokens } = (await made).tokenizeLine(line, textmate.INITIAL);
  return tokens.map((t) => [line.slice(t.startIndex, t.endIndex), t.scopes[t.scopes.length - 1]]);
}

test("words are what they are", async () => {
  const rule = Object.fromEntries(await scopes('  rule has-id : qemu  # why'));
  assert.equal(rule["rule"], "keyword.control.qr");
  assert.equal(rule["has-id"], "entity.name.function.qr");
  assert.equal(rule["# why"], "comment.line.number-sign.qr");
  const because = Object.fromEntries(await scopes('    because "{d} needs 4 \\"x\\""'));
  assert.equal(because["{d}"], "variable.other.interpolated.qr");
  assert.equal(because["\\\""], "constant.character.escape.qr");
  const source = Object.fromEntries(await scopes('    see qemu:hw/pci/pci.c "set"'));
  assert.equal(source["qemu:hw/pci/pci.c"], "markup.underline.link.qr");
  const test_ = Object.fromEntries(await scopes("  require d.slot-count is not given-x and on"));
  assert.equal(test_["slot-count"], "variable.other.property.qr");
  assert.equal(test_["on"], "constant.language.qr");
  assert.ok(!("given" in test_));
});

test("every shipped rule file: strings and comments end where they do", async () => {
  const known = await made;
  let lines = 0;
  for (const file of files(RULES)) {
    if (file.includes(`catalog${path.sep}`) && !file.includes("qemu-7.2")) {
      continue;
    }
    let stack = textmate.INITIAL;
    for (const line of fs.readFileSync(file, "utf8").split("\n")) {
      const result = known.tokenizeLine(line, stack);
      stack = result.ruleStack;
      lines += 1;
      const end = result.tokens[result.tokens.length - 1];
      assert.equal(stack.depth, 1, `${file}: ${line}`);
      assert.ok(end.endIndex >= line.length, `${file}: ${line}`);
    }
  }
  assert.ok(lines > 10000);
});
