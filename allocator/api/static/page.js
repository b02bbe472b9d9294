// Live progress of runs, and sending of requests. Everything that only reads
// works without this file.
"use strict";

const KINDS = ["queued", "running", "progress", "asked", "lease_lost", "handed_back", "process_lost", "done", "failed", "cancelled"];
const ENDS = ["done", "failed", "cancelled"];
const find = (id) => document.getElementById(id);

function showProblem(words) {
  const box = find("problem");
  box.textContent = words;
  box.hidden = false;
  box.focus();
}

async function send(method, path, body, headers = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers } };
  if (!["GET", "HEAD"].includes(method)) {
    const form = find("sign-out");
    if (form) options.headers["X-CSRF-Token"] = form.elements.csrf_token.value;
  }
  if (body) {
    options.headers["Content-Type"] ??= "application/json";
    options.body = body;
  }
  return fetch(path, options);
}

async function showAnswer(response) {
  const text = await response.text();
  const kept = ["ETag", "Location", "Retry-After"].filter((name) => response.headers.get(name));
  const lines = kept.map((name) => `${name}: ${response.headers.get(name)}`);
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not every answer is JSON; it is shown as it is.
  }
  find("answer").hidden = false;
  find("answer-status").textContent = `${response.status} ${response.statusText}`;
  find("answer-text").textContent = [...lines, lines.length ? "" : null, shown].filter((line) => line !== null).join("\n");
  find("answer-title").focus();
}

function bodyOf(form) {
  const body = {};
  for (const [name, value] of new FormData(form)) {
    const parts = name.split(".");
    const last = parts.pop();
    let place = body;
    for (const part of parts) place = place[part] ??= {};
    place[last] = value;
  }
  return JSON.stringify(body);
}

async function sendForm(form) {
  const target = [form.dataset.method, form.dataset.path];
  const file = form.elements.file?.files[0];
  if (file) return send(...target, file, { "Content-Type": file.name.endsWith(".zip") ? "application/zip" : "application/json" });
  if (form.id !== "free") return send(...target, bodyOf(form));
  const { method, path, body } = form.elements;
  const seen = form.elements["if-match"].value.trim();
  if (!path.value.startsWith("/") || path.value.startsWith("//")) throw new Error("The address begins with one /.");
  return send(method.value, path.value, body.value.trim(), seen ? { "If-Match": seen } : {});
}

async function whileBusy(form, work) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    showProblem(error.message);
  } finally {
    button.disabled = false;
  }
}

function onSubmit(form, work) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(form, work);
  });
}

function showState(row, state) {
  const tag = row.querySelector("[data-part=state] .tag");
  tag.textContent = state;
  tag.className = `tag ${state}`;
}

function showProgress(row, data) {
  const parts = [data.stage, data.tier];
  if (data.values && data.values.length) parts.push(`best ${data.values.at(-1)}`);
  if (data.bound !== null && data.bound !== undefined) parts.push(`bound ${data.bound}`);
  if (data.seconds !== undefined) parts.push(`${Math.round(data.seconds)} s`);
  const words = parts.filter(Boolean).join(", ");
  if (words) row.querySelector("[data-part=progress]").textContent = words;
}

function showReport(row, planId) {
  if (!planId || row.querySelector("[data-report]")) return;
  const link = document.createElement("a");
  link.href = `/v1/plans/${encodeURIComponent(planId)}/report`;
  link.dataset.report = "";
  link.textContent = "report";
  row.lastElementChild.append(" ", link);
}

function watch(row) {
  const source = new EventSource(`/v1/runs/${row.dataset.run}/events`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data || "{}");
      if (kind === "progress") showProgress(row, data);
      else if (["lease_lost", "handed_back", "process_lost"].includes(kind)) showState(row, "queued");
      else if (kind !== "asked") showState(row, kind);
      if (!ENDS.includes(kind)) return;
      showReport(row, data.plan_id);
      source.close();
    });
  }
}

for (const row of document.querySelectorAll("[data-run]")) watch(row);
for (const form of document.querySelectorAll("form.send")) {
  form.hidden = false;
  onSubmit(form, async () => showAnswer(await sendForm(form)));
}
