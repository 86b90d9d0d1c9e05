// The client, with stand-ins for the editor: which program it runs, for which documents, and what it says where that fails.
"use strict";

const assert = require("node:assert");
const Module = require("node:module");
const test = require("node:test");

const said = [];
const started = [];
let fails = false;

class LanguageClient {
  constructor(id, name, server, client) {
    this.made = { id, name, server, client };
  }
  async start() {
    if (fails) {
      throw new Error("spawn qrules ENOENT");
    }
    started.push(this.made);
  }
  async stop() {
    started.pop();
  }
}

const settings = { command: "qrules", qemu: "10.0", rules: "", libvirt: "" };
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request === "vscode") {
    return {
      workspace: { getConfiguration: () => ({ get: (name) => settings[name] }) },
      window: { showErrorMessage: (message) => said.push(message) },
    };
  }
  if (request === "vscode-languageclient/node") {
    return { LanguageClient, TransportKind: { stdio: 0 } };
  }
  return load.call(this, request, ...rest);
};
const extension = require("../extension.js");

test("it runs the server of the settings for the documents that it knows", async () => {
  await extension.activate();
  assert.deepEqual(started[0].server, { command: "qrules", args: ["lsp", "--qemu", "10.0"], transport: 0 });
  const languages = new Set(started[0].client.documentSelector.map((s) => s.language));
  assert.deepEqual([...languages], ["qr", "shellscript", "xml"]);
  await extension.deactivate();
  assert.equal(started.length, 0);
});

test("it says how to get the server where it can't be started", async () => {
  fails = true;
  await extension.activate();
  assert.match(said[0], /pip install 'qrules-qemu\[lsp\]'/);
});

test("what the package promises is there", () => {
  const fs = require("node:fs");
  const path = require("node:path");
  const here = path.join(__dirname, "..");
  const told = JSON.parse(fs.readFileSync(path.join(here, "package.json"), "utf8"));
  for (const file of [told.main, told.contributes.grammars[0].path, told.contributes.languages[0].configuration]) {
    assert.ok(fs.existsSync(path.join(here, file)), file);
  }
});
