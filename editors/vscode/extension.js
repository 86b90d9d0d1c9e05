// Starts `qrules lsp` and hands it rule files, shell scripts and XML. Everything that is known of them, the server knows.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const LANGUAGES = ["qr", "shellscript", "xml"];
const OPTIONS = ["rules", "qemu", "libvirt"];
let client;

/** The command that is run, from the settings. */
function serverOptions(settings) {
  const args = ["lsp"];
  for (const name of OPTIONS) {
    const value = settings.get(name);
    if (value) {
      args.push(`--${name}`, value);
    }
  }
  return { command: settings.get("command") || "qrules", args, transport: TransportKind.stdio };
}

/** The documents that the server is asked about. */
function clientOptions() {
  const selector = LANGUAGES.flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]);
  return { documentSelector: selector };
}

async function activate() {
  client = new LanguageClient("qrules", "qrules", serverOptions(vscode.workspace.getConfiguration("qrules")), clientOptions());
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(
      `qrules lsp could not be started (${error.message}). Install it with: pip install 'qrules-qemu[lsp]', or set qrules.command.`
    );
  }
}

async function deactivate() {
  if (client !== undefined) {
    await client.stop();
  }
}

module.exports = { activate, deactivate, serverOptions, clientOptions };
