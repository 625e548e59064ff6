// Starts `ccr lsp` for .ccr files and speaks to it. Everything that is known of the language is known there.
"use strict";

const { workspace, window } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function server() {
  const [command, ...args] = workspace.getConfiguration("ccr").get("server.command");
  return { command, args, transport: TransportKind.stdio };
}

const interests = {
  documentSelector: [
    { scheme: "file", language: "ccr" },
    { scheme: "untitled", language: "ccr" },
  ],
};

async function activate() {
  client = new LanguageClient("ccr", "ccr rules", server(), interests);
  try {
    await client.start();
  } catch (error) {
    window.showWarningMessage(
      `ccr lsp could not be started (${error.message}). Install it with: pip install "claude-code-rules[lsp]", ` +
        "or set ccr.server.command to where it is. Colours work without it."
    );
  }
}

function deactivate() {
  return client && client.needsStop() ? client.stop() : undefined;
}

module.exports = { activate, deactivate };
