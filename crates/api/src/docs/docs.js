"use strict";

// Draws /openapi.json: groups by tag, an entry per operation.

const METHODS = ["get", "post", "put", "patch", "delete", "head"];

function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function table(head, rows) {
  const cells = (name, texts) => element("tr", {}, ...texts.map((text) => element(name, {}, text)));
  return element("table", {}, cells("th", head), ...rows.map((row) => cells("td", row)));
}

function operation(path, method, entry) {
  const body = element("div", {});
  if (entry.description) body.append(element("p", {}, entry.description));
  const parameters = entry.parameters || [];
  if (parameters.length > 0) {
    const rows = parameters.map((p) => [p.name, p.in, p.required ? "yes" : "no", p.description || ""]);
    body.append(table(["parameter", "in", "required", "meaning"], rows));
  }
  const content = entry.requestBody && entry.requestBody.content;
  if (content) {
    for (const [type, media] of Object.entries(content)) {
      body.append(element("p", {}, "Body: ", element("code", {}, type)));
      if (media.schema) body.append(element("pre", {}, JSON.stringify(media.schema, null, 2)));
    }
  }
  const answers = Object.entries(entry.responses || {}).map(([status, answer]) => [status, answer.description || ""]);
  body.append(table(["status", "answer"], answers));
  const summary = element(
    "summary", {},
    element("span", { class: "method" }, method.toUpperCase()),
    element("code", {}, path),
    element("span", { class: "what" }, entry.summary || ""),
  );
  const text = `${method} ${path} ${entry.summary || ""} ${(entry.tags || []).join(" ")}`.toLowerCase();
  return element("details", { "data-text": text }, summary, body);
}

function draw(openapi) {
  const groups = new Map();
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const method of METHODS) {
      const entry = item[method];
      if (!entry) continue;
      const tag = (entry.tags || ["other"])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method, entry));
    }
  }
  const main = document.getElementById("groups");
  main.replaceChildren(
    ...[...groups.keys()].sort().map((tag) => element("section", {}, element("h2", {}, tag), ...groups.get(tag))),
  );
  main.removeAttribute("aria-busy");
}

function filter() {
  const words = document.getElementById("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll("section")) {
    let any = false;
    for (const entry of section.querySelectorAll("details")) {
      entry.hidden = !words.every((word) => entry.dataset.text.includes(word));
      any = any || !entry.hidden;
    }
    section.hidden = !any;
  }
}

document.getElementById("find").addEventListener("input", filter);
fetch("/openapi.json")
  .then((answer) => answer.json())
  .then(draw)
  .catch((error) => {
    document.getElementById("groups").textContent = `The document could not be read: ${error}`;
  });
