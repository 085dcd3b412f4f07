// The page for drafts. The draft is posted to our own server and kept nowhere.

import { announce, press } from "./cards.js";
import { Draft, WHICH } from "./draft.js";
import { newVisitId, rememberAccount, rememberedAccount, rememberedOrg, rememberOrg } from "./memory.js";
import { Pictures } from "./pictures.js";

const $ = (id) => document.getElementById(id);
const { org } = document.body.dataset;

function choose() {
  const kept = CSS.escape(rememberedOrg() || "");
  const link = document.querySelector(`.orgs [data-org="${kept}"]`);
  if (link && !new URL(location.href).searchParams.has("org")) {
    location.replace(link.href);
  }
}

function say(text) {
  $("state").textContent = text;
}

function count() {
  const area = $("field-text");
  const length = Array.from(area.value).length; // as the server counts
  const limit = Number(area.dataset.limit);
  const over = length > limit;
  $("count").textContent = `${length.toLocaleString("ja")}文字${over ? `（${limit.toLocaleString("ja")}文字まで）` : ""}`;
  $("count").classList.toggle("over", over);
}

function insist(text, element) {
  say(text);
  announce(text);
  element.focus();
}

function begin() {
  const form = $("draft");
  const accounts = Array.from(form.elements.account);
  const account = () => form.elements.account.value;
  const visit = { org, id: newVisitId() };
  const draft = new Draft({ form, result: $("result"), visit, account, say });
  const pictures = new Pictures({ visit, account, say });

  for (const one of accounts) {
    one.checked = one.checked || (!account() && one.value === rememberedAccount());
    one.addEventListener("change", () => {
      rememberAccount(one.value);
      draft.check({ typing: true });
      pictures.look();
    });
  }

  form.noValidate = true; // what is missing is said below, also for pictures alone
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (draft.blank && !pictures.files.length) {
      insist("点検する文章を入れてください。", draft.area);
    } else if (!account()) {
      insist(WHICH, accounts[0]);
    } else {
      if (!draft.blank) {
        draft.check({ typing: false });
      }
      pictures.look();
    }
  });

  draft.area.addEventListener("input", count);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.dataset.number) {
      draft.select(Number(button.dataset.number));
    } else if (button && button.dataset.verb) {
      press(button, visit);
    }
  });

  count();
  if (!draft.blank) {
    draft.later();
  }
}

if (org) {
  rememberOrg(org);
  begin();
} else {
  choose();
}
