// The page to ask on: choose an organisation, ask, press what the cards offer.

import { post } from "./api.js";
import { announce, bring, fragment, paragraph, press, trouble } from "./cards.js";
import { forgetVisit, keepVisit, keptVisit, newVisitId, rememberedOrg, rememberOrg } from "./memory.js";

const HISTORY = 5;
const KEPT = 30;
const UNREMEMBERED = new Set(["said"]); // small talk and refusals are no questions to follow up on
const $ = (id) => document.getElementById(id);
const [box, turns, talk, composer, greeting, send] =
  ["box", "turns", "talk", "composer", "greeting", "send"].map($);
const organizations = new Map(
  Array.from(document.querySelectorAll("[data-org]")).filter((one) => one.dataset.name)
    .map((one) => [one.dataset.org, one.dataset.name]),
);
const finger = window.matchMedia("(hover: none)");

let visit = { org: "", id: newVisitId() };
let waiting = false;

// Choosing

function choose(org, { focus = true } = {}) {
  if (org !== visit.org) {
    visit = { org, id: newVisitId() };
    turns.replaceChildren();
  }
  rememberOrg(org);
  $("org-name").textContent = organizations.get(org);
  $("whole").href = `/guidelines/${encodeURIComponent(org)}`;
  $("draft").href = `/check?org=${encodeURIComponent(org)}`;
  $("course").href = `/course/${encodeURIComponent(org)}`;
  $("course").hidden = !document.querySelector(`[data-org="${CSS.escape(org)}"][data-course]`);
  for (const [id, shown] of [["choose", false], ["talk", true], ["composer", true], ["whose", true], ["ways", true]]) {
    $(id).hidden = !shown;
  }
  greet();
  if (focus && !finger.matches) {
    box.focus({ preventScroll: true });
  }
}

function offer() {
  for (const id of ["talk", "composer", "whose", "ways"]) {
    $(id).hidden = true;
  }
  $("choose").hidden = false;
  const current = document.querySelector(`[data-org="${visit.org}"]`) || document.querySelector("[data-org][data-name]");
  if (current && visit.org) {
    current.focus();
  }
}

async function greet() {
  const asked = visit.org;
  try {
    const reply = await post("/api/press", { org: asked, verb: "home", visit: visit.id });
    if (asked === visit.org) {
      greeting.replaceChildren(fragment(reply.html));
    }
  } catch (error) {
    trouble(greeting, error, greet);
  }
}

// Asking

function addTurn(question) {
  const turn = $("turn-template").content.cloneNode(true).firstElementChild;
  turn.querySelector(".question p").textContent = question;
  turns.append(turn);
  return turn;
}

function history(before) {
  const earlier = Array.from(turns.children).filter((turn) => turn !== before && turn.dataset.remembered);
  return earlier.slice(-HISTORY).map((turn) => turn.querySelector(".question p").textContent);
}

async function ask(question, account) {
  if (waiting || !question.trim()) {
    return false;
  }
  const turn = addTurn(question);
  bring(turn);
  await answer(turn, question, account);
  return true;
}

async function answer(turn, question, account) {
  const place = turn.querySelector(".reply");
  const content = { org: visit.org, visit: visit.id, question, account: account || null, history: history(turn) };
  busy(true);
  place.replaceChildren(paragraph("waiting", "調べています…"));
  try {
    const reply = await post("/api/ask", content);
    if (!UNREMEMBERED.has(reply.status)) {
      turn.dataset.remembered = "1";
    }
    place.replaceChildren(fragment(reply.html));
    announce(`回答: ${reply.text}`);
    bring(turn);
    keep();
  } catch (error) {
    trouble(place, error, () => { if (!waiting) { answer(turn, question, account); box.focus(); } });
    bring(turn); // or the box at the foot may hide it
  } finally {
    busy(false);
  }
}

function busy(now) {
  waiting = now;
  send.setAttribute("aria-disabled", String(now));
  turns.setAttribute("aria-busy", String(now));
}

function submit() {
  const question = box.value;
  if (waiting || !question.trim()) {
    box.focus();
    return;
  }
  box.value = "";
  grow();
  ask(question.trim(), composer.elements.account.value);
  composer.querySelector("[name=account][value='']").checked = true; // said for this question; left on, it would beat the next one's own words
  box.focus({ preventScroll: true });
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

// Pressing

async function pressIn(button) {
  if (button.dataset.verb === "ask") {
    await ask(button.dataset.value, composer.elements.account.value);
  } else {
    await press(button, visit, keep);
  }
}

async function contacts() {
  if (waiting) {
    return;
  }
  const turn = addTurn("問い合わせ先は？");
  bring(turn);
  const place = turn.querySelector(".reply");
  const load = async () => {
    try {
      const reply = await post("/api/press", { org: visit.org, visit: visit.id, verb: "contacts" });
      place.replaceChildren(fragment(reply.html));
      announce(reply.text);
      bring(turn);
      keep();
    } catch (error) {
      trouble(place, error, load);
    }
  };
  await load();
}

// Remembering

function keep() {
  const found = Array.from(turns.children).slice(-KEPT).map((turn) => ({
    question: turn.querySelector(".question p").textContent,
    remembered: turn.dataset.remembered || "",
    html: turn.querySelector(".trouble, .waiting") ? "" : turn.querySelector(".reply").innerHTML,
  }));
  keepVisit({ ...visit, turns: found.filter((turn) => turn.html) });
}

function restore(kept) {
  visit = { org: kept.org, id: kept.id };
  for (const one of kept.turns) {
    const turn = addTurn(one.question);
    turn.dataset.remembered = one.remembered;
    turn.querySelector(".reply").replaceChildren(fragment(one.html));
  }
}

function restart() {
  visit = { org: visit.org, id: newVisitId() };
  turns.replaceChildren();
  forgetVisit();
  window.scrollTo(0, 0);
  box.focus();
  announce("前の質問を忘れました。");
}

// Beginning

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

box.addEventListener("keydown", (event) => {
  // Enter that ends a conversion of the input method is not a wish to send (229: Safari, old Edge).
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) {
    return;
  }
  event.preventDefault();
  submit();
});

box.addEventListener("input", grow);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) {
    return;
  }
  if (button.dataset.verb) {
    pressIn(button);
  } else if (button.dataset.name) {
    if (location.search) {
      window.history.replaceState(null, "", "/");
    }
    choose(button.dataset.org);
  }
});

if ($("change")) {
  $("change").addEventListener("click", offer);
}
$("restart").addEventListener("click", restart);
$("contacts").addEventListener("click", contacts);
window.addEventListener("pagehide", keep);

const known = (org) => (organizations.has(org) ? org : null);
const { asked, preset } = document.body.dataset;
const kept = keptVisit();
if (kept && known(kept.org) && (!asked || asked === kept.org)) {
  restore(kept);
}
const first = known(asked) || known(visit.org) || known(rememberedOrg()) || known(preset);
if (first) {
  choose(first);
} else {
  offer();
}
