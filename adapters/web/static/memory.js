// What the browser keeps: the chosen organisation and account for next time, the conversation until the tab is closed.
// Nothing of a draft.

const ORG = "guideline-bot.org";
const ACCOUNT = "guideline-bot.account";
const VISIT = "guideline-bot.visit";

function quietly(action) {
  try {
    return action();
  } catch {
    return null; // storage is switched off: the page works, it only forgets
  }
}

export const rememberedOrg = () => quietly(() => localStorage.getItem(ORG));
export const rememberOrg = (org) => quietly(() => localStorage.setItem(ORG, org));
export const rememberedAccount = () => quietly(() => localStorage.getItem(ACCOUNT));
export const rememberAccount = (account) => quietly(() => localStorage.setItem(ACCOUNT, account));
export const keepVisit = (visit) => quietly(() => sessionStorage.setItem(VISIT, JSON.stringify(visit)));
export const forgetVisit = () => quietly(() => sessionStorage.removeItem(VISIT));

export function keptVisit() {
  const found = quietly(() => JSON.parse(sessionStorage.getItem(VISIT)));
  return found && found.org && Array.isArray(found.turns) ? found : null;
}

export function newVisitId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
